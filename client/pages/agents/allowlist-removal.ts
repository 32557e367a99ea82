import { createEffect, createSignal, on } from 'solid-js';
import { DisallowAppDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { catchFocus } from '../../ui/focus.ts';
import type { AgentFound } from './agent-body.tsx';
import type { Entry } from './allowlist-pages.ts';

/**
 * Takes apps off an agent's allowlist, the last one only when that was confirmed. The focus leaves with the row that was
 * removed: it goes to `next`, which must never be the removal of another app.
 */
export function createRemoval(
  agent: () => AgentFound,
  entries: () => Entry[],
  next: () => HTMLElement | null | undefined,
) {
  const [asking, setAsking] = createSignal<Entry>();
  const [removing, setRemoving] = createSignal<string>();
  const [problem, setProblem] = createSignal<string>();
  let removed = false;
  createEffect(
    on(entries, () => {
      if (removed) catchFocus(next);
      removed = false;
    }),
  );
  const disallow = async (app: Entry) => {
    setRemoving(app.id);
    const { failure } = await mutate(DisallowAppDocument, { input: { agentId: agent().id, appId: app.id } });
    setRemoving(undefined);
    setProblem(failure?.message);
    removed = !failure;
    return failure;
  };
  return {
    /** The last one, while it is asked about. */
    asking,
    removing,
    problem,
    remove: (app: Entry): void => {
      if (agent().allowlist.edges.length === 1) setAsking(app);
      else void disallow(app);
    },
    confirm: async () => {
      const app = asking();
      return app && disallow(app);
    },
    cancel: () => void setAsking(undefined),
  };
}
