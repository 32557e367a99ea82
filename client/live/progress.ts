/** What an agent has said so far in its current attempt. */
export interface Progress {
  text: string;
  attempt: number;
  done: boolean;
}

export interface ProgressMessage {
  append: string;
  attempt: number;
  restart: boolean;
  done: boolean;
}

export const noProgress: Progress = { text: '', attempt: 0, done: false };

/** Appends what is new; another attempt begins from nothing. */
export function advance(progress: Progress, message: ProgressMessage): Progress {
  const again = message.restart || message.attempt !== progress.attempt;
  return {
    text: again ? message.append : progress.text + message.append,
    attempt: message.attempt,
    done: message.done,
  };
}
