import type { CombinedError } from '@urql/core';
import { reportSessionEnded } from './socket.ts';

const UNAUTHENTICATED = new Set(['UNAUTHENTICATED', 'UNAUTHORIZED']);

export function noticeUnauthenticated(error: CombinedError | undefined): void {
  if (error?.graphQLErrors.some(({ extensions }) => UNAUTHENTICATED.has(String(extensions.code))))
    reportSessionEnded();
}

/** One sentence a person can act on. */
export function problemText(error: CombinedError | undefined): string {
  if (!error) return 'Something went wrong.';
  if ((error.response as Response | undefined)?.status === 403)
    return 'Relay does not take this address for its own. Open the dashboard at the one in its PUBLIC_URL.';
  if (error.networkError) return 'Relay cannot be reached. Check that the server is running and try again.';
  return error.graphQLErrors[0]?.message ?? 'Something went wrong on the server.';
}
