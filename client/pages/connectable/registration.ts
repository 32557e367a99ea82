import { createSignal } from 'solid-js';
import { useOrganization } from '../../api/session.tsx';
import type { Submission } from '../../api/submission.ts';
import { slugProblem, suggestSlug } from '../../format/slug.ts';
import type { AgentSettings } from './agent-fields.tsx';
import { agentDefaults, isComplete } from './agent-fields.tsx';
import type { Kind, Registered } from './operations.ts';
import { register } from './operations.ts';

/** An app or agent as it is filled in, until it is registered. */
export function createRegistration(
  kind: () => Kind,
  submission: Submission,
  registered: (registered: Registered) => void,
) {
  const organization = useOrganization();
  const [name, setName] = createSignal('');
  const [ownSlug, setOwnSlug] = createSignal<string>();
  const [agent, setAgent] = createSignal(agentDefaults);
  const [tried, setTried] = createSignal(false);
  submission.forget();
  const slug = () => ownSlug() ?? suggestSlug(name());
  const missing = (text: string, what: string) =>
    tried() && text.trim() === '' ? `Enter ${what}.` : undefined;
  const ready = () => name().trim() !== '' && slug() !== '' && !slugProblem(slug()) && isComplete(agent());
  const submit = async (): Promise<void> => {
    setTried(true);
    if (submission.busy() || !ready()) return;
    const { value } = await submission.settle(
      register(kind(), {
        organizationId: organization().id,
        name: name().trim(),
        slug: slug(),
        ...agent(),
      }),
    );
    if (value) registered(value);
  };
  return {
    submission,
    name,
    setName: (text: string): void => {
      setName(text);
      // The ID that was refused goes with it.
      if (ownSlug() === undefined) submission.forget();
    },
    slug,
    setSlug: (text: string): void => {
      setOwnSlug(text);
      submission.forget();
    },
    agent,
    setAgent: (change: Partial<AgentSettings>) => setAgent((before) => ({ ...before, ...change })),
    nameProblem: () => missing(name(), 'a name'),
    slugProblem: () => slugProblem(slug()) ?? missing(slug(), 'an ID'),
    submit,
  };
}
