export const ROWS = ['a', 'b', 'c', 'd', 'e'] as const;
export type RowName = (typeof ROWS)[number];

export interface Plan {
  rows: RowName[];
  quick: boolean;
  runs: number;
  /** Length of one run of row a, seconds. */
  seconds: number;
  /** Events in the history of row d. */
  seed: number;
}

export const HELP = `Usage: npm run bench -- [--quick] [--rows a,b,c,d,e] [--runs N] [--seconds N] [--seed N]

Measures Relay beside its peers on this machine, prints the table and writes docs/benchmarks.md (not with --quick).

  a  round trip of an event whose answer streams 0, 20 and 200 tokens, with 1, 16 and 64 clients
  b  resident memory of idle authenticated sockets, and after they close
  c  kill -9 with thousands of connected apps: until all are back, and what events notice
  d  history through GraphQL at a million events (--seed 10000000 for ten), beside the same SQL by hand
  e  one event to 10, 100, 1,000 and 5,000 dashboards

RabbitMQ (rabbitmq-server) and NATS (nats-server) take part when they are installed; the rest needs nothing.

  --runs N     runs of each measurement, in turns; medians are shown (5)
  --seconds N  length of one run of row a (2)
  --quick      everything small and once, in under a minute`;

export function planOf(args: string[]): Plan {
  const valueOf = (name: string) => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? '') : null);
  const number = (name: string, fallback: number) => {
    const text = valueOf(name);
    if (text === null) return fallback;
    if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} needs a whole number above 0.`);
    return Number(text);
  };
  const quick = args.includes('--quick');
  const asked = valueOf('--rows')?.split(',') ?? [...ROWS];
  const rows = ROWS.filter((row) => asked.includes(row));
  if (rows.length !== asked.length) throw new Error(`--rows takes some of ${ROWS.join(',')}.`);
  return {
    rows,
    quick,
    runs: number('--runs', quick ? 1 : 5),
    seconds: number('--seconds', quick ? 0.5 : 2),
    seed: number('--seed', quick ? 20_000 : 1_000_000),
  };
}
