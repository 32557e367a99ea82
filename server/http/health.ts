import type { Handler } from './server.ts';
import { sendJson, sendProblem } from './problem.ts';

/** The process runs and its event loop turns; says nothing about the database. */
export const healthz: Handler = (_request, response) => sendJson(response, 200, { status: 'ok' });

/** Ready to do work. `faults` resolves to one sentence per reason not to be. */
export function readyz(faults: () => Promise<string[]>): Handler {
  return async (_request, response) => {
    const found = await faults();
    if (found.length === 0) sendJson(response, 200, { status: 'ready' });
    else sendProblem(response, 503, 'UNAVAILABLE', found.join(' '), { 'retry-after': '1' });
  };
}
