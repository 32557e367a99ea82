import { Ledger } from './ledger.ts';
import type { LedgerReport } from './ledger.ts';
import { natsWire } from './natsWire.ts';
import { rabbitWire } from './rabbitWire.ts';
import { socketioWire } from './socketioWire.ts';
import type { Wire, WireEvent, WireTarget } from './wire.ts';
import { wsWire } from './wsWire.ts';

export interface LoadOptions extends WireTarget {
  /** Connections that each keep one event under way. */
  clients: number;
  /** How long new events are sent; those under way are then waited for. */
  seconds: number;
  /** Fragments of each answer. */
  tokens: number;
  /** Names the run in its threads. */
  run: string;
}

const wires = { ws: wsWire, socketio: socketioWire, nats: natsWire, rabbit: rabbitWire };

/** Runs closed-loop senders and one answering agent in this process until every event has its outcome. */
async function runSenders(options: LoadOptions): Promise<LedgerReport> {
  const wire = wires[options.kind](options);
  const ledger = new Ledger();
  const agent = await wire.agent(answering(options, ledger));
  const until = { at: Number.POSITIVE_INFINITY };
  const senders = await Promise.all(
    Array.from({ length: options.clients }, () => sender(wire, ledger, until)),
  );
  const started = performance.now();
  until.at = started + options.seconds * 1_000;
  await Promise.all(senders.map(({ run }, index) => run(`${options.run}-${index}`)));
  const seconds = (performance.now() - started) / 1_000;
  for (const end of [...senders, agent]) end.close();
  await wire.close();
  return ledger.report(seconds);
}

function answering({ tokens, run }: LoadOptions, ledger: Ledger): (event: WireEvent) => void {
  const fragments = Array.from({ length: tokens }, (_, index) => `fragment ${index} `);
  const content = fragments.join('');
  return (event) => {
    // What an earlier run left behind is answered like anything else, and counts for nothing here.
    if (event.session.startsWith(run)) ledger.dispatched(event.session, event.number);
    for (const fragment of fragments) event.token(fragment);
    event.reply(content);
  };
}

/** One connection: the next event goes out when the outcome of the last is here. */
async function sender(wire: Wire, ledger: Ledger, until: { at: number }) {
  let session = '';
  let number = -1;
  let streamed = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const next = () => {
    if (performance.now() >= until.at) return resolve();
    number += 1;
    streamed = '';
    ledger.sent(`${session}:${number}`);
    app.send(session, number);
  };
  const app = await wire.app({
    token: (text) => (streamed += text),
    reply(whose, which, content) {
      if (whose !== session) return;
      ledger.replied(`${whose}:${which}`, streamed === content);
      next();
    },
    failed: reject,
  });
  return {
    run(name: string) {
      session = name;
      next();
      return promise;
    },
    close: () => app.close(),
  };
}

if (process.argv[2] === 'run')
  console.log(JSON.stringify(await runSenders(JSON.parse(process.argv[3] ?? '') as LoadOptions)));
