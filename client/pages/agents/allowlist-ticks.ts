import { createEffect, createSignal, on } from 'solid-js';
import { ChangeAllowlistDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { allowlistChange, allowlistEffect } from '../../format/allowlist.ts';
import { wholeAllowlist } from './allowlist-pages.ts';

/** Which apps of an allowlist are ticked, read anew each time it is opened. */
export function createTicks(agentId: () => string, open: () => boolean) {
  const [ticked, setTicked] = createSignal<ReadonlySet<string>>(new Set());
  /** Undefined until all of the list is read: what is ticked beyond its first page must be known. */
  const [listed, setListed] = createSignal<ReadonlySet<string>>();
  const [problem, setProblem] = createSignal<string>();
  const read = async (): Promise<void> => {
    setProblem(undefined);
    setListed(undefined);
    try {
      const found = await wholeAllowlist(agentId());
      setTicked(found);
      setListed(found);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  // Once for each time it is opened: what is ticked must survive live updates of the agent behind the dialog.
  createEffect(on(open, (now) => void (now && read())));
  return {
    ticked: () => listed() && ticked(),
    problem,
    read: () => void read(),
    change: () => allowlistChange(listed() ?? ticked(), ticked()),
    effect: () => {
      const before = listed();
      return before ? allowlistEffect(before.size, ticked().size) : null;
    },
    tick: (id: string, on: boolean): void => {
      const next = new Set(ticked());
      if (on) next.add(id);
      else next.delete(id);
      setTicked(next);
    },
  };
}

/** Saves a change of an allowlist all at once; says what was refused until it is opened again. */
export function createSaving(agentId: () => string, open: () => boolean, saved: () => void) {
  const { busy, failure, forget, settle } = createSubmission();
  createEffect(on(open, (now) => now && forget()));
  /** @param mayOpen whether the list was to be emptied, which somebody else must not make of it unnoticed */
  const save = async (change: ReturnType<typeof allowlistChange>, mayOpen: boolean): Promise<void> => {
    if (busy()) return;
    const input = { agentId: agentId(), ...change, mayOpen };
    const { failure: refused } = await settle(mutate(ChangeAllowlistDocument, { input }));
    if (!refused) saved();
  };
  return { busy, failure, save };
}
