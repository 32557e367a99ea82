import { createTransport } from 'nodemailer';
import type { Letter } from './letters.ts';

/** Sends mail to people. */
export interface Mailer {
  send(email: string, letter: Letter): Promise<void>;
  /** Whether the server answers and accepts the credentials; rejects when not. */
  verify(): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 10_000;

/** `url`: smtp:// or smtps://, credentials included; `from`: the sender, as in a From header. */
export function createMailer(url: string, from: string): Mailer {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url, ...timeouts }, { from });
  return {
    async send(email, letter) {
      // An object, so that nothing in the address is read as a second recipient.
      await transport.sendMail({ to: { name: '', address: email }, ...letter });
    },
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
  };
}
