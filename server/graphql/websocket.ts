import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DocumentNode, ExecutionArgs, GraphQLSchema } from 'graphql';
import type { execute } from 'graphql';
import { GraphQLError } from 'graphql';
import type { Context as Connection, SubscribePayload } from 'graphql-ws';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { clientAddress } from '../address.ts';
import { callerOf } from '../domain/callers.ts';
import { UnauthenticatedError, UnavailableError } from '../errors.ts';
import type { Refusal } from './admission.ts';
import { bearer, foreignOrigin, refuseUpgrade } from './admission.ts';
import { createSink } from './live/sink.ts';
import { createMask, withoutHttp } from './mask.ts';
import { cookiesOf } from './site.ts';
import { Strangers } from './strangers.ts';
import type { Server, GraphqlOptions } from './yoga.ts';
import { SESSION_COOKIE } from '../credentials/sessions.ts';

const MESSAGE_MAX = 1024 * 1024;
/** Operations open at once on one socket. */
const OPERATIONS_MAX = 100;
const PING_MS = 12_000;
/** A socket must begin within this time. */
const INIT_MS = 3_000;
const CROWDED: Refusal = {
  status: 429,
  code: 'TOO_MANY_CONNECTIONS',
  detail: 'Too many connections on which nobody has signed in.',
  retryAfterSeconds: 5,
};

type Params = { authorization?: unknown };
type Live = Connection<Params, Extra & Partial<Record<PropertyKey, never>>>;
/** What Yoga makes of one operation with all its plugins; its own type is `any`. */
interface EnvelopedOperation {
  schema: GraphQLSchema;
  execute: Run;
  subscribe: Run;
  contextFactory: () => Promise<unknown>;
  parse: (source: string) => DocumentNode;
  validate: (schema: GraphQLSchema, document: DocumentNode) => readonly GraphQLError[];
}
type Enveloped = ExecutionArgs & { rootValue: { execute: Run; subscribe: Run } };
type Run = (args: ExecutionArgs) => ReturnType<typeof execute>;

/** What is executed; or why nothing is. */
async function prepare(
  yoga: YogaServerInstance<Server, object>,
  connection: Live,
  id: string,
  params: SubscribePayload,
): Promise<Enveloped | GraphQLError[]> {
  const { request, socket } = connection.extra;
  if (Object.keys(connection.subscriptions).length > OPERATIONS_MAX) {
    return [
      new GraphQLError(`At most ${OPERATIONS_MAX} operations at once.`, {
        extensions: { code: 'RATE_LIMITED' },
      }),
    ];
  }
  const server = {
    req: request,
    close: (code: number, reason: string) => socket.close(code, reason),
    sink: createSink(socket, request.socket, id),
    authorization: connection.connectionParams?.authorization,
  };
  const enveloped = yoga.getEnveloped({ ...server, params }) as EnvelopedOperation;
  const { schema, execute, subscribe, contextFactory, parse, validate } = enveloped;
  const document = parse(params.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return [...errors];
  return {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await contextFactory(),
    rootValue: { execute, subscribe },
  };
}

interface Admission {
  /** Is told whose socket is not a stranger's any more. */
  known(socket: WebSocket): void;
  mask: ReturnType<typeof createMask>;
}

/**
 * A key that is not valid is refused at once; strangers may stay, for what needs no sign-in. Whose key could not be
 * judged, because the database is away or too many wait, is not told that it has no right.
 */
async function admit(connection: Live, options: GraphqlOptions, admission: Admission): Promise<boolean> {
  const { parts, trusts } = options;
  const { authorization } = connection.connectionParams ?? {};
  const { request, socket } = connection.extra;
  const presented = {
    address: clientAddress(request, trusts),
    apiKey: bearer(authorization ?? request.headers.authorization),
    sessionCookie: cookiesOf(options, request).get(SESSION_COOKIE) ?? null,
  };
  try {
    // A socket is there to watch on. Let in, it would be closed again, and its client come back without a pause.
    if (!parts.rights.known()) throw new UnavailableError();
    const caller = await callerOf(parts.work(), parts.attempts, presented);
    if (caller) admission.known(socket);
    return caller !== null || presented.sessionCookie === null;
  } catch (error) {
    if (error instanceof UnauthenticatedError) return false;
    // What it was is not told; 1013 is the code that clients try again after.
    admission.mask(error);
    socket.close(1013, 'Try again later');
    return false;
  }
}

/** GraphQL over WebSocket, with the same plugins, limits and masks as over HTTP. */
export function createSockets(yoga: YogaServerInstance<Server, object>, options: GraphqlOptions) {
  const { log, trusts } = options;
  const mask = createMask(log);
  const strangers = new Strangers();
  /** How each socket gives back its place among the strangers. */
  const places = new WeakMap<WebSocket, () => void>();
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });

  const server = useServer<Params>(
    {
      connectionInitWaitTimeout: INIT_MS,
      execute: (args) => (args as Enveloped).rootValue.execute(args),
      subscribe: (args) => (args as Enveloped).rootValue.subscribe(args),
      // What nobody expected closes without its text.
      isProd: true,
      onConnect: (connection) =>
        admit(connection, options, { mask, known: (socket) => places.get(socket)?.() }),
      onSubscribe: async (connection, id, params) => {
        try {
          return await prepare(yoga, connection, id, params);
        } catch (error) {
          return [mask(error) as GraphQLError];
        }
      },
      onError: (_connection, _id, _params, errors) => errors.map(withoutHttp),
    },
    wss,
    PING_MS,
  );

  function opened(client: WebSocket, request: IncomingMessage, leave: () => void): void {
    places.set(client, leave);
    client.on('close', leave);
    wss.emit('connection', client, request);
    // A frame that breaks the rules has closed the socket already; the library's own listener would print it.
    client.removeAllListeners('error');
    client.on('error', (error) => log.debug({ err: error }, 'a GraphQL socket failed'));
  }

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const refusal = foreignOrigin(options, request);
      const leave = refusal ? null : strangers.enter(clientAddress(request, trusts));
      if (!leave) {
        refuseUpgrade(socket, refusal ?? CROWDED);
        return;
      }
      let open = false;
      wss.handleUpgrade(request, socket, head, (client) => {
        open = true;
        opened(client, request, leave);
      });
      // A handshake that fails ends the socket without a callback.
      if (!open) leave();
    },
    async close(): Promise<void> {
      for (const client of wss.clients) client.close(1001, 'Going away');
      await server.dispose();
      for (const client of wss.clients) client.terminate();
    },
  };
}
