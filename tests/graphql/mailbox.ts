import { SMTPServer } from 'smtp-server';

/** A mail server that keeps what it is given. */
export class Mailbox {
  readonly #server: SMTPServer;
  readonly #mails: { to: string; text: string }[] = [];
  #wake: (() => void) | null = null;

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo[0]?.address ?? '';
          this.#mails.push({ to, text: Buffer.concat(chunks).toString() });
          this.#wake?.();
          done();
        });
      },
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
    const address = this.#server.server.address() as { port: number };
    return `smtp://127.0.0.1:${address.port}`;
  }

  count(to: string): number {
    return this.#mails.filter((mail) => mail.to === to).length;
  }

  /** The code in the `number`th mail to this address. */
  async code(to: string, number = 1): Promise<string> {
    return /sign-in code is (\d{6})/.exec(await this.text(to, number))![1]!;
  }

  /** The `number`th mail to this address, its soft line breaks taken out. */
  async text(to: string, number = 1): Promise<string> {
    while (this.count(to) < number) await new Promise<void>((resolve) => (this.#wake = resolve));
    const mail = this.#mails.filter((each) => each.to === to)[number - 1]!;
    return mail.text.replace(/=\r\n/g, '');
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
