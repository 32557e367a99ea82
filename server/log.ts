import { pino } from 'pino';

export type Log = pino.Logger;

/** Values under these names never reach a log line, however deep the logged object is built by hand. */
const SECRET_NAMES = [
  'token',
  'code',
  'secret',
  'password',
  'authorization',
  'cookie',
  'sessionId',
  'apiKey',
];

/** JSON lines on stderr: stdout carries only what a person or a script asked for. */
export function createLog(level: string): Log {
  const paths = SECRET_NAMES.flatMap((name) => (name === 'code' ? [] : [name, `*.${name}`, `*.*.${name}`]));
  return pino(
    {
      level,
      base: null,
      redact: { paths, censor: '[secret]' },
      serializers: { err: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
