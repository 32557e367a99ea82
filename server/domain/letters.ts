import type { Role } from '../database/entities/membership.ts';

/** What is mailed, for programs that show HTML and for those that do not. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** `minutes`: how long the code is valid. */
export function codeLetter(code: string, minutes: number): Letter {
  const rest = `It is valid for ${minutes} minutes, in the browser that asked for it.`;
  const stray = 'If you did not ask for it, ignore this message.';
  return {
    subject: 'Your Relay sign-in code',
    text: `Your sign-in code is ${code}.\n\n${rest}\n${stray}\n`,
    html: page(
      '<p>Your sign-in code is</p>' +
        `<p style="font:600 28px/1.2 ui-monospace,monospace;letter-spacing:4px;margin:16px 0">${code}</p>` +
        `<p>${rest}</p><p style="color:#666">${stray}</p>`,
    ),
  };
}

export interface InvitationFacts {
  organization: string;
  /** The address of whoever invites. */
  from: string;
  /** The address of whoever is invited. */
  to: string;
  role: Role;
  days: number;
  /** Where to accept it. It opens nothing by itself: one must sign in as `to`. */
  url: string;
}

export function invitationLetter({ organization, from, to, role, days, url }: InvitationFacts): Letter {
  const rights = role === 'owner' ? 'as an owner, who can change everything' : 'as a member, who can read';
  const rest = `The invitation is valid for ${days} days. Sign in as ${to} to accept it.`;
  const stray = 'If you do not know what this is about, ignore this message.';
  const [name, sender, link] = [escape(organization), escape(from), escape(url)];
  return {
    subject: `${from} invites you to ${organization} on Relay`,
    text: `${from} invites you to ${organization} on Relay, ${rights}.\n\n${url}\n\n${rest}\n${stray}\n`,
    html: page(
      `<p>${sender} invites you to <b>${name}</b> on Relay, ${rights}.</p>` +
        `<p style="margin:24px 0"><a href="${link}" style="background:#1f5eff;color:#fff;` +
        'padding:10px 16px;border-radius:6px;text-decoration:none">See the invitation</a></p>' +
        `<p>${escape(rest)}</p><p style="color:#666">${stray}</p><p style="color:#666">${link}</p>`,
    ),
  };
}

function page(body: string): string {
  const look = 'font:16px/1.5 system-ui,sans-serif;color:#111;max-width:480px;margin:0 auto;padding:24px';
  return `<!doctype html><html lang="en"><body style="${look}">${body}</body></html>\n`;
}

/** Names are people's own words: in HTML they stay words. */
function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
