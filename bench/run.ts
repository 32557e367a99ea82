import pkg from '../package.json' with { type: 'json' };
import { fanOut } from './fanout/row.ts';
import { longHistory } from './history/row.ts';
import { idleSockets } from './idle/row.ts';
import { HELP, planOf } from './options.ts';
import type { Plan, RowName } from './options.ts';
import { installedVersions } from './peers.ts';
import type { RelaySubject } from './relay.ts';
import { startRelay } from './relay.ts';
import { circumstances, printTable, writeDocument } from './report.ts';
import type { Table } from './report.ts';
import { roundTrips } from './roundtrip/row.ts';
import { reconnectStorm } from './storm/row.ts';

const rows: Record<RowName, (relay: RelaySubject, plan: Plan) => Promise<Table>> = {
  a: roundTrips,
  b: idleSockets,
  c: reconnectStorm,
  d: longHistory,
  e: fanOut,
};

async function versionsOf(relay: RelaySubject): Promise<string[]> {
  const { rows: found } = await relay.db.query<{ server_version: string }>('show server_version');
  const { ws, 'graphql-ws': graphqlWs } = pkg.dependencies;
  return [
    `PostgreSQL ${found[0]?.server_version}`,
    `ws ${ws}`,
    `graphql-ws ${graphqlWs}`,
    `socket.io ${pkg.devDependencies['socket.io']}`,
    ...installedVersions(),
  ];
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(HELP);
  const plan = planOf(args);
  const command = ['npm run bench --', ...args].join(' ');
  // Each row has a Relay of its own, so that none measures what another has left behind; but starting takes its time.
  const turns = plan.quick ? [plan.rows] : plan.rows.map((row) => [row]);
  for (const turn of turns) {
    const relay = await startRelay();
    try {
      for (const row of turn) {
        const table = await rows[row](relay, plan);
        const facts = circumstances(await versionsOf(relay));
        printTable(table);
        console.log(`- ${facts.join('; ')}`);
        if (!plan.quick) writeDocument(command, facts, table);
      }
    } finally {
      await relay.close();
    }
  }
}

await main(process.argv.slice(2));
