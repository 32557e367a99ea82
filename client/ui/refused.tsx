import { Show } from 'solid-js';
import type { Failure } from '../api/mutate.ts';
import { Notice } from './states.tsx';

/** Why something was refused, unless one of the `fields` says it. */
export function Refused(props: { failure: Failure | undefined; fields?: readonly string[] | undefined }) {
  const unsaid = () => !props.fields?.some((field) => props.failure?.fields[field] !== undefined);
  return (
    <Show when={props.failure && unsaid()}>
      <Notice tone="bad">{props.failure?.message}</Notice>
    </Show>
  );
}
