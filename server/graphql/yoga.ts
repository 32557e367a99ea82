import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { parse, ParseOptions } from 'graphql';
import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Plugin } from 'graphql-yoga';
import { clientAddress } from '../address.ts';
import { callerOf } from '../domain/callers.ts';
import { RelayError } from '../errors.ts';
import type { Log } from '../log.ts';
import { bearer, foreignOrigin, problemBody, unsupportedType } from './admission.ts';
import type { Context, Parts, Transport } from './context.ts';
import { createContext } from './context.ts';
import { BROWSER_COOKIE, cookieHeader, KNOWN_COOKIE } from './cookies.ts';
import { aliasRule, depthRule, introspectionRule, TOKENS_MAX } from './limits.ts';
import { sharedResults } from './live/shared.ts';
import { createMask, extensionsOf } from './mask.ts';
import { schema } from './schema.ts';
import type { Site } from './site.ts';
import { cookiesOf, isSecure } from './site.ts';
import { SESSION_COOKIE, SESSION_MS } from '../credentials/sessions.ts';
import { createSockets } from './websocket.ts';

const BODY_MAX = 1024 * 1024;

export interface GraphqlOptions extends Site {
  parts: Parts;
  log: Log;
}

export interface Graphql {
  /** POST and GET on /graphql, SSE included. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** graphql-transport-ws on /graphql. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every WebSocket with 1001. */
  close(): Promise<void>;
}

/** What Yoga hands to the context: HTTP brings a response, a WebSocket its way to end and its connection parameters. */
export interface Server {
  req: IncomingMessage;
  res?: ServerResponse;
  close?: Transport['close'];
  sink?: Transport['sink'];
  authorization?: unknown;
}

function limits(): Plugin {
  return {
    onParse: ({ parseFn, setParseFn }) =>
      setParseFn((source: string, options?: ParseOptions) =>
        (parseFn as typeof parse)(source, { ...options, maxTokens: TOKENS_MAX }),
      ),
    onValidate: ({ addValidationRule }) => {
      addValidationRule(depthRule);
      addValidationRule(aliasRule);
      addValidationRule(introspectionRule);
    },
  };
}

export function createGraphql(options: GraphqlOptions): Graphql {
  const { log } = options;
  const yoga = createYoga<Server, object>({
    schema,
    graphqlEndpoint: '/graphql',
    context: (server) => contextOf(options, server),
    plugins: [limits(), sharedResults()],
    maskedErrors: { maskError: createMask(log) },
    maxRequestBodySize: BODY_MAX,
    // Whoever may read an answer is decided by cookies and keys; other sites never may.
    cors: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    logging: false,
  });
  const sockets = createSockets(yoga, options);

  return {
    async handle(request, response) {
      const refusal = unsupportedType(request) ?? foreignOrigin(options, request);
      if (refusal) {
        response.writeHead(refusal.status, { 'content-type': 'application/problem+json' });
        response.end(problemBody(refusal));
        return;
      }
      response.setHeader('cache-control', 'no-store');
      await yoga.handle(request, response, {});
    },
    upgrade: sockets.upgrade,
    close: sockets.close,
  };
}

/** Made anew for each operation, so that a long-lived socket cannot outlive the rights it began with. */
async function contextOf(options: GraphqlOptions, server: Server): Promise<Context> {
  const { req, res } = server;
  const work = options.parts.work();
  const cookies = cookiesOf(options, req);
  const secure = isSecure(options, req);
  const setCookie: Transport['setCookie'] = res
    ? (name, value, seconds) => res.appendHeader('set-cookie', cookieHeader(name, value, seconds, secure))
    : null;
  const session = cookies.get(SESSION_COOKIE) ?? null;
  const address = clientAddress(req, options.trusts);
  const caller = await callerOf(work, options.parts.attempts, {
    address,
    apiKey: bearer(server.authorization ?? req.headers.authorization),
    sessionCookie: session,
    onSlide: () => setCookie?.(SESSION_COOKIE, session ?? '', SESSION_MS / 1_000),
  }).catch(refuseKey);
  const transport: Transport = {
    browser: {
      cookie: cookies.get(BROWSER_COOKIE) ?? null,
      mark: cookies.get(KNOWN_COOKIE) ?? null,
      address,
      userAgent: req.headers['user-agent'] ?? null,
    },
    setCookie,
    close: server.close ?? null,
    sink: server.sink ?? null,
  };
  return createContext(options.parts, transport, work, caller);
}

/** Of what may come of a key, besides a caller. */
const KEY_STATUS: Record<string, number> = { UNAUTHENTICATED: 401, RATE_LIMITED: 429, OVERLOADED: 503 };

/** A key that does not let in, now or at all, spoils the whole request: the whole answer says so, by its status too. */
function refuseKey(error: unknown): never {
  const status = error instanceof RelayError ? KEY_STATUS[error.code] : undefined;
  if (!(error instanceof RelayError) || status === undefined) throw error;
  const seconds = error.retryAfterSeconds;
  const headers: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  throw new GraphQLError(error.message, {
    extensions: { ...extensionsOf(error), http: { status, headers } },
  });
}
