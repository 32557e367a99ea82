const meanings: Record<string, string> = {
  AGENT_ERROR: 'The agent answered with an error, or its connection was lost three times.',
  AGENT_NOT_FOUND: 'There was no active agent with this ID.',
  AGENT_OFFLINE: 'The agent did not connect in time.',
  AGENT_TIMEOUT: 'The agent was silent for longer than its timeout.',
  NOT_ALLOWED: 'The app was not on the agent’s allowlist.',
};

/** What a code of a failed or rejected event means, in a sentence. */
export const codeMeaning = (code: string): string => meanings[code] ?? 'A code of the agent’s own.';
