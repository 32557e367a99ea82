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
  const [removing, setRemoving] = createSignal<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = createSignal<string>();
  let removed = false;
  createEffect(
    on(entries, () => {
      if (removed) catchFocus(next);
      removed = false;
    }),
  );
  /** Those that will stay, of as many as come with the agent; what is being removed counts as gone already. */
  const staying = () => agent().allowlist.edges.filter(({ node }) => !removing().has(node.id));
  const disallow = async (app: Entry, mayOpen: boolean) => {
    setProblem(undefined);
    setRemoving((before) => new Set([...before, app.id]));
    const input = { agentId: agent().id, appId: app.id, mayOpen };
    const { failure } = await mutate(DisallowAppDocument, { input });
    setRemoving((before) => new Set([...before].filter((id) => id !== app.id)));
    if (failure) setProblem(failure.message);
    else removed = true;
    return failure;
  };
  return {
    /** The last one, while it is asked about. */
    asking,
    /** The ids of those that are being removed. */
    removing,
    problem,
    remove: (app: Entry): void => {
      if (staying().every(({ node }) => node.id === app.id)) setAsking(app);
      else void disallow(app, false);
    },
    confirm: async () => {
      const app = asking();
      return app && disallow(app, true);
    },
    cancel: () => void setAsking(undefined),
  };
}
