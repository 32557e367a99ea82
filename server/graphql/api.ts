import type { Pool } from 'pg';
import type { Trusts } from '../address.ts';
import type { Broker } from '../broker/broker.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import { Attempts } from '../credentials/attempts.ts';
import type { Verifier } from '../credentials/verifier.ts';
import type { Orm } from '../database/orm.ts';
import { createCursors } from '../domain/cursors.ts';
import type { Mailer } from '../domain/mail.ts';
import { createInviter } from '../domain/inviter.ts';
import { createReaders, RELAY } from '../domain/reader.ts';
import { createSignIn } from '../domain/signIn.ts';
import type { SignupRule } from '../domain/signup.ts';
import type { Work } from '../domain/work.ts';
import type { Log } from '../log.ts';
import { createLiveEvents } from './live/events.ts';
import { createRights } from './live/rights.ts';
import type { Graphql } from './yoga.ts';
import { createGraphql } from './yoga.ts';

export interface ApiOptions {
  orm: Orm;
  /** For counting attempts: what tenants read must not be before it. */
  pool: Pool;
  /** For hand-written reads, of READER_CONNECTIONS; its statements should have a short timeout. */
  reader: Pool;
  /** For the rights of those who watch, and for nothing else; it should give up within a second. */
  standing: Pool;
  clock: Clock;
  bus: Bus;
  verifier: Verifier;
  broker: Pick<Broker, 'send' | 'progress' | 'inFlight' | 'judge'>;
  log: Log;
  publicUrl: string | null;
  /** Where people find Relay, known once it listens; without a trailing slash. */
  address: () => string;
  trusts: Trusts;
  /** Pepper of sign-in codes and key of cursors. */
  secret: string;
  signup: SignupRule;
  mailer: Mailer | null;
  /** Shows a sign-in code in the terminal; null where that is not wanted. */
  announceCode: ((email: string, code: string) => void) | null;
}

/** The GraphQL API with all it needs; `close` ends what it started, not what it was given. */
export function createApi(options: ApiOptions): Graphql {
  const { orm, pool, standing, clock, bus, verifier, broker, log, secret, signup, mailer } = options;
  const cursors = createCursors(secret);
  const readers = createReaders(options.reader, clock);
  const work = (share = RELAY, watching = false): Work => ({
    em: orm.em.fork(),
    reader: readers(share, watching),
    clock,
    bus,
    verifier,
    cursors,
  });
  const rights = createRights({ pool: standing, clock, bus, log });
  const signIn = createSignIn({
    pool,
    pepper: secret,
    rule: signup,
    mailer,
    announce: options.announceCode,
    log,
  });
  const inviter = createInviter({ pool, mailer, address: options.address, log });
  const attempts = new Attempts(clock);
  const liveEvents = createLiveEvents(work);
  const parts = { broker, attempts, signIn, inviter, signup, rights, liveEvents, readers, work };
  const graphql = createGraphql({ parts, log, publicUrl: options.publicUrl, trusts: options.trusts });
  return {
    handle: graphql.handle,
    upgrade: graphql.upgrade,
    async close() {
      rights.close();
      await graphql.close();
    },
  };
}
