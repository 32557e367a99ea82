import { createTransport } from 'nodemailer';

/** Sends sign-in codes. */
export interface Mailer {
  sendCode(email: string, code: string, minutes: number): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 10_000;

/** `url`: smtp:// or smtps://, credentials included; `from`: the sender, as in a From header. */
export function createMailer(url: string, from: string): Mailer {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url, ...timeouts }, { from });
  return {
    async sendCode(email, code, minutes) {
      await transport.sendMail({
        // An object, so that nothing in the address is read as a second recipient.
        to: { name: '', address: email },
        subject: 'Your Relay sign-in code',
        text:
          `Your sign-in code is ${code}.\n\nIt is valid for ${minutes} minutes, in the browser that asked for it.\n` +
          `If you did not ask for it, ignore this message.\n`,
      });
    },
    close: () => transport.close(),
  };
}
