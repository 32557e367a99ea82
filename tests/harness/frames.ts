/** One text frame as received. `text` is byte-exact; `body` is what JSON.parse makes of it. */
export interface Frame {
  text: string;
  // Tests read many shapes; each asserts what it reads.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

interface Waiting {
  wanted: (frame: Frame) => boolean;
  resolve: (frame: Frame) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Long enough for a busy machine; a guarantee that is broken shows as a message, not as a runner's timeout. */
const PATIENCE_MS = 8_000;

/** Received frames and those who wait for one. A frame is taken once; `all` keeps everything. */
export class Frames {
  readonly all: Frame[] = [];
  readonly #untaken: Frame[] = [];
  readonly #describe: () => string;
  #waiting: Waiting[] = [];
  #ended: string | null = null;

  constructor(describe: () => string) {
    this.#describe = describe;
  }

  add(text: string): void {
    const frame: Frame = { text, body: JSON.parse(text) };
    this.all.push(frame);
    this.#untaken.push(frame);
    for (const waiting of [...this.#waiting]) {
      const taken = this.#take(waiting.wanted);
      if (taken) this.#settle(waiting, () => waiting.resolve(taken));
    }
  }

  end(reason: string): void {
    this.#ended = reason;
    for (const waiting of [...this.#waiting])
      this.#settle(waiting, () => waiting.reject(this.#missing('frame')));
  }

  async next(type: string): Promise<Frame> {
    const frame = await this.#wait(`next ${type}`, (other) => type === 'ping' || other.body.type !== 'ping');
    if (frame.body.type === type) return frame;
    throw new Error(`expected ${type} next, got ${frame.text.slice(0, 300)}`);
  }

  find(type: string | string[], fields: Record<string, unknown>): Promise<Frame> {
    const types = Array.isArray(type) ? type : [type];
    const what = `${types.join(' or ')} ${JSON.stringify(fields)}`;
    return this.#wait(what, ({ body }) => {
      return (
        types.includes(body.type) && Object.entries(fields).every(([name, value]) => body[name] === value)
      );
    });
  }

  #wait(what: string, wanted: (frame: Frame) => boolean): Promise<Frame> {
    const taken = this.#take(wanted);
    if (taken) return Promise.resolve(taken);
    if (this.#ended !== null) return Promise.reject(this.#missing(what));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        wanted,
        resolve,
        reject,
        timer: setTimeout(() => this.#giveUp(waiting, what), PATIENCE_MS),
      };
      this.#waiting.push(waiting);
    });
  }

  #take(wanted: (frame: Frame) => boolean): Frame | undefined {
    const at = this.#untaken.findIndex(wanted);
    return at < 0 ? undefined : this.#untaken.splice(at, 1)[0];
  }

  #giveUp(waiting: Waiting, what: string): void {
    this.#settle(waiting, () => waiting.reject(this.#missing(what)));
  }

  #settle(waiting: Waiting, how: () => void): void {
    clearTimeout(waiting.timer);
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    how();
  }

  #missing(what: string): Error {
    const why = this.#ended ?? `nothing came in ${PATIENCE_MS} ms`;
    return new Error(`waited for ${what}: ${why}. Received so far:\n${this.#describe()}`);
  }
}
