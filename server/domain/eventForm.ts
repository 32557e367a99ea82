/** Largest payload of an event, bytes as sent, outer white space not counted (protocol §3). */
export const PAYLOAD_BYTES = 65_536;
/** Longest name of a thread, characters (protocol §3). */
export const THREAD_CHARACTERS = 512;

/** The key of a session as apps and people see it, in four parts (protocol §4). */
export function appSessionKey(agentSlug: string, appSlug: string, threadId: string): string {
  return `relay:${agentSlug}:${appSlug}:${threadId}`;
}
