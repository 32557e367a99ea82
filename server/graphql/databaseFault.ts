/** PostgreSQL's and the socket's ways to say that the database is not there now. */
const GONE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const GONE_TEXT =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered|Query read timeout|not currently accepting connections/;

/** A statement was ended before its time: by its timeout, or by whoever administers the database. */
const CANCELLED = '57014';

/** Wrapped errors hold the driver's own further down; deeper than this nobody wraps. */
const DEPTH = 4;

function chain(error: unknown): (Error & { code?: unknown })[] {
  const errors: (Error & { code?: unknown })[] = [];
  for (let at = error; at instanceof Error && errors.length < DEPTH; at = at.cause) errors.push(at);
  return errors;
}

/** Whether an operation failed because the database cannot be reached, so that trying again may help. */
export function databaseIsGone(error: unknown): boolean {
  return chain(error).some(({ code, message }) => {
    return (typeof code === 'string' && (GONE.has(code) || code.startsWith('08'))) || GONE_TEXT.test(message);
  });
}

/**
 * Whether a statement took longer than its connection allows. A filter that matches next to nothing may have to look at
 * everything; whoever asks is told so instead of being kept waiting.
 */
export function tookTooLong(error: unknown): boolean {
  return chain(error).some(({ code }) => code === CANCELLED);
}

/**
 * What may be logged of an error. A driver's message repeats the statement with its values, which are people's data: of
 * such an error only code and place are kept.
 */
export function loggable(error: unknown): unknown {
  const found = chain(error).find(({ code }) => typeof code === 'string');
  if (!found) return error;
  const { name, stack = '' } = error as Error;
  return {
    type: name,
    code: found.code,
    stack: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
  };
}
