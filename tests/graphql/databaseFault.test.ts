import { expect, test } from 'vitest';
import { createPool } from '../../server/database/pool.ts';
import { databaseIsGone } from '../../server/graphql/databaseFault.ts';
import { databaseAway, databaseBack } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { nobody, script, signedIn } from './api.ts';

const room = useRelay({ printCodes: true });

test('whoever asks while the database takes no connections is told to try again, and no more', async () => {
  const person = await signedIn(room, 'owner');
  await databaseAway(room.relay.databaseUrl);
  try {
    const questions = [
      script(room).ask('{ viewer { organizations { id } } }'),
      person.ask('{ viewer { organizations { id } } }'),
      nobody(room).ask('mutation { requestLoginCode(input: { email: "a@b.test" }) { __typename } }'),
    ];
    for (const { errors, text } of await Promise.all(questions)) {
      expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
      expect(text).not.toContain('connections');
    }
  } finally {
    await databaseBack(room.relay.databaseUrl);
  }
});

test('a host that is not known, or not there any more, is a database out of reach', async () => {
  const pool = createPool('postgres://relay@nowhere.invalid/relay', 1, 1_000);
  const error = await pool.query('select 1').catch((failure: unknown) => failure);
  expect(databaseIsGone(error)).toBe(true);
  await pool.end();
});
