import { SlowConsumerError } from '../../bus/stream.ts';
import type { EventRow } from '../../domain/eventRow.ts';
import type { Context } from '../context.ts';
import { createFeed } from './feed.ts';

export interface EventProgress {
  event: EventRow;
  /** The present attempt so far, up to 262,144 UTF-16 units. */
  text: string;
  /** What is new since the last message of this subscription. */
  append: string;
  attempt: number;
  /** What was shown before is void: another attempt began, or the content was deleted. */
  restart: boolean;
  done: boolean;
}

/** Text kept of an attempt, UTF-16 units; what streams beyond it is only appended. */
const KEPT_TEXT = 262_144;
/** Text a watcher may be behind before it is ended. */
const MOST_BEHIND = 4_194_304;

/** The text of an answer on its way. Fragments that arrive faster than they are sent become one message. */
export class Answer {
  attempt = 0;
  text = '';
  #append = '';
  #behind = false;
  #restart = false;
  /** Whether there is something that was sent and is not void. */
  #shown = false;

  /** What has streamed before; it includes all fragments taken so far. */
  begin(attempt: number, text: string): void {
    this.attempt = attempt;
    this.text = text;
    this.#append = text;
    this.#restart = false;
  }

  take({ attempt, token, restart }: { attempt: number; token: string; restart: boolean }): void {
    if (attempt < this.attempt) return;
    if (attempt > this.attempt || restart) {
      this.#restart ||= this.attempt > 0;
      this.text = '';
      this.#append = '';
    }
    this.attempt = attempt;
    this.text += token.slice(0, KEPT_TEXT - this.text.length);
    this.#behind ||= this.#append.length + token.length > MOST_BEHIND;
    if (!this.#behind) this.#append += token;
  }

  /** Drops all of it, also what was sent. */
  drop(): void {
    this.#restart ||= this.#shown;
    this.text = '';
    this.#append = '';
    this.#behind = false;
  }

  /** What to send now. Throws SlowConsumerError when too much has come since the last time. */
  flush(): Pick<EventProgress, 'text' | 'append' | 'attempt' | 'restart'> {
    if (this.#behind) throw new SlowConsumerError(MOST_BEHIND, 'characters');
    const append = this.#append;
    const restart = this.#restart;
    this.#append = '';
    this.#restart = false;
    this.#shown = append !== '' || (this.#shown && !restart);
    return { text: this.text, append, attempt: this.attempt, restart };
  }
}

/** Follows one event until it has ended; a late joiner gets the text so far first. */
export function watchProgress(context: Context, event: EventRow): AsyncIterableIterator<EventProgress> {
  const { broker, liveEvents } = context.parts;
  const answer = new Answer();
  let present = event;
  let stale = true;
  const version = () => liveEvents.version(event.appId);
  let readAs = version();

  async function row(): Promise<void> {
    // Tokens do not change the row: it is read again only after it was said to have changed.
    if (!stale && readAs === version()) return;
    stale = false;
    readAs = version();
    present = (await liveEvents.present(event.id)) ?? event;
  }

  function message(): EventProgress {
    if (present.contentDeletedAt !== null) answer.drop();
    return { event: present, ...answer.flush(), done: present.status !== 'pending' };
  }

  return createFeed<EventRow, EventProgress>(context, event.organizationId, {
    subscribe: (push) => [
      context.work.bus.subscribe('event.progress', (progress) => {
        if (progress.eventId !== event.id) return;
        answer.take(progress);
        push(event);
      }),
      context.work.bus.subscribe('event.changed', (changed) => {
        if (changed.eventId !== event.id) return;
        stale = true;
        push(event);
      }),
      context.work.bus.subscribe('contents.unwanted', ({ appId, eventId }) => {
        if (appId === event.appId && (eventId === null || eventId === event.id)) push(event);
      }),
    ],
    key: () => event.id,
    about: event,
    version,
    initial: async () => {
      await row();
      // Read without a pause after it, so that no fragment comes twice or is missed.
      const streamed = present.agentId === null ? null : broker.progress(present.agentId, event.id);
      if (streamed) answer.begin(streamed.attempt, streamed.text);
      return [message()];
    },
    each: async () => {
      await row();
      return message();
    },
    last: ({ done }) => done,
  });
}
