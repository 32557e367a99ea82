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
import { WebSocketServer } from 'ws';
import { callerOf } from '../domain/callers.ts';
import { RelayError } from '../errors.ts';
import { bearer, foreignOrigin, problemBody } from './admission.ts';
import { parseCookies } from './cookies.ts';
import { createSink } from './live/sink.ts';
import { createMask } from './mask.ts';
import type { Server, GraphqlOptions } from './yoga.ts';
import { SESSION_COOKIE } from '../credentials/sessions.ts';

const MESSAGE_MAX = 1024 * 1024;
/** Operations open at once on one socket. */
const OPERATIONS_MAX = 100;
const PING_MS = 12_000;

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

/** GraphQL over WebSocket, with the same plugins, limits and masks as over HTTP. */
export function createSockets(yoga: YogaServerInstance<Server, object>, options: GraphqlOptions) {
  const { log, parts, publicUrl } = options;
  const mask = createMask(log);
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });

  async function prepare(
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

  const server = useServer<Params>(
    {
      execute: (args) => (args as Enveloped).rootValue.execute(args),
      subscribe: (args) => (args as Enveloped).rootValue.subscribe(args),
      onConnect: async (connection) => {
        // A key that is not valid is refused at once; strangers may stay, for what needs no sign-in.
        const { authorization } = connection.connectionParams ?? {};
        const { headers } = connection.extra.request;
        const presented = {
          address: null,
          apiKey: bearer(authorization ?? headers.authorization),
          sessionCookie: parseCookies(headers.cookie).get(SESSION_COOKIE) ?? null,
        };
        try {
          const caller = await callerOf(parts.work(), presented);
          return caller !== null || presented.sessionCookie === null;
        } catch (error) {
          if (error instanceof RelayError) return false;
          throw error;
        }
      },
      onSubscribe: async (connection, id, params) => {
        try {
          return await prepare(connection, id, params);
        } catch (error) {
          return [mask(error) as GraphQLError];
        }
      },
    },
    wss,
    PING_MS,
  );

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const refusal = foreignOrigin(request, publicUrl);
      if (!refusal) {
        wss.handleUpgrade(request, socket, head, (client) => wss.emit('connection', client, request));
        return;
      }
      const body = problemBody(refusal);
      const length = Buffer.byteLength(body);
      socket.end(
        `HTTP/1.1 ${refusal.status} Forbidden\r\nconnection: close\r\n` +
          `content-type: application/problem+json\r\ncontent-length: ${length}\r\n\r\n${body}`,
      );
    },
    async close(): Promise<void> {
      for (const client of wss.clients) client.close(1001, 'Going away');
      await server.dispose();
      for (const client of wss.clients) client.terminate();
    },
  };
}
