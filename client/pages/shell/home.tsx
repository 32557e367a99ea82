import { Navigate } from '@solidjs/router';
import { Show } from 'solid-js';
import { Gate } from './gate.tsx';

/** `/`: on to the first organisation, or to making one. */
export function Home() {
  return (
    <Gate>
      {(viewer) => (
        <Show when={viewer().organizations[0]} fallback={<Navigate href="/welcome" />}>
          {(organization) => <Navigate href={`/${organization().slug}`} />}
        </Show>
      )}
    </Gate>
  );
}
