/** Error codes of the wire protocol and whether the same request may succeed later (protocol §9). */
const RETRYABLE: Readonly<Record<string, boolean>> = {
  AGENT_OFFLINE: true,
  NOT_ALLOWED: false,
  AGENT_NOT_FOUND: false,
  AGENT_TIMEOUT: true,
  AGENT_ERROR: true,
  PAYLOAD_TOO_LARGE: false,
  RATE_LIMITED: true,
  INVALID_MESSAGE: false,
  UNAVAILABLE: true,
};

/** A code that an agent made up is a failure of that agent, which may pass. */
export function isRetryable(code: string): boolean {
  return !isRelayCode(code) || RETRYABLE[code] === true;
}

/** Whether a code is Relay's, and not one that an agent made up. */
export function isRelayCode(code: string): boolean {
  return Object.hasOwn(RETRYABLE, code);
}

/** The condition that a column holds a code that an agent made up: words of its own, as the text beside it. */
export function madeUp(column: string): string {
  const own = Object.keys(RETRYABLE).map((code) => `'${code}'`);
  return `${column} <> all(array[${own.join(', ')}])`;
}
