import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { SlowConsumerError } from '../bus/stream.ts';
import { RelayError, TooSlowError, UnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { databaseIsGone, loggable, tookTooLong } from './databaseFault.ts';

/** What is told of an intended failure besides its message. */
export function extensionsOf({ code, fields, retryAfterSeconds }: RelayError): Record<string, unknown> {
  return {
    code,
    ...(fields ? { fields } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function told(error: GraphQLError, cause: RelayError): GraphQLError {
  const { nodes, source, positions, path } = error;
  return new GraphQLError(cause.message, { nodes, source, positions, path, extensions: extensionsOf(cause) });
}

/** An error without what Yoga makes the status and headers of an HTTP answer of: from those it takes this out itself. */
export function withoutHttp(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _, ...others } = extensions ?? {};
  return { ...rest, extensions: others };
}

/**
 * The one place where errors leave the API. Intended ones are told as they are; GraphQL's own speak about the document;
 * everything else is logged, without documents or variables, and masked.
 */
export function createMask(log: Log): (error: unknown) => Error {
  return (error) => {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    const shell = error instanceof GraphQLError ? error : new GraphQLError('');
    if (cause instanceof RelayError) return told(shell, cause);
    if (cause instanceof SlowConsumerError) {
      return new GraphQLError(cause.message, { extensions: { code: 'SLOW_SUBSCRIBER' } });
    }
    if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError)) return error;
    if (databaseIsGone(cause)) {
      log.warn({ err: loggable(cause) }, 'the database cannot be reached');
      return told(shell, new UnavailableError());
    }
    if (tookTooLong(cause)) {
      log.warn({ err: loggable(cause), path: shell.path?.join('.') }, 'a statement took too long');
      return told(shell, new TooSlowError());
    }
    log.error({ err: loggable(cause), path: shell.path?.join('.') }, 'an operation failed');
    return new GraphQLError('Something went wrong.', {
      nodes: shell.nodes,
      path: shell.path,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  };
}
