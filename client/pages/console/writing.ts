import { createSignal } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { payloadProblem } from '../../format/json.ts';

export type Mode = 'text' | 'json';

const EXAMPLE = '{\n  "text": ""\n}';

/**
 * A message as it is written, and its way out.
 *
 * @param say sends a payload, JSON text
 */
export function createWriting(
  blocked: () => string | undefined,
  say: (payload: string) => Promise<Failure | undefined>,
) {
  const [mode, setMode] = createSignal<Mode>('text');
  const [text, setText] = createSignal('');
  const [json, setJson] = createSignal(EXAMPLE);
  const { busy, failure, settle } = createSubmission();
  const problem = () => (mode() === 'json' ? payloadProblem(json()) : undefined);
  const empty = () => mode() === 'text' && text().trim() === '';
  const saying = async (payload: string) => ({ failure: await say(payload) });
  const send = async (): Promise<void> => {
    if (busy() || blocked() || problem() || empty()) return;
    const written = text();
    const payload = mode() === 'text' ? JSON.stringify({ text: written }) : json().trim();
    // It is said already, as far as the writer can see; what is refused comes back unless there is something new.
    if (mode() === 'text') setText('');
    const { failure: refused } = await settle(saying(payload));
    if (refused && text() === '') setText(written);
  };
  return {
    mode,
    setMode,
    written: () => (mode() === 'text' ? text() : json()),
    write: (now: string): void => void (mode() === 'text' ? setText : setJson)(now),
    problem,
    busy,
    failure,
    send,
  };
}
