import { A, useParams } from '@solidjs/router';
import { createEffect } from 'solid-js';

/** Also the answer to what exists but is somebody else's: the two look alike on purpose. */
export default function NotFound(props: { what?: string }) {
  const params = useParams();
  createEffect(() => {
    document.title = 'Not found · Relay';
  });
  return (
    <div class="grid min-h-[70vh] place-items-center px-6">
      <div class="text-center">
        <p class="font-mono text-xs text-ink-3">404</p>
        <h1 class="mt-1 text-lg/7 font-semibold">{props.what ?? 'Page'} not found</h1>
        <p class="mt-1 max-w-sm text-ink-2">
          It does not exist, or it belongs to an organization you are not a member of.
        </p>
        <p class="mt-4">
          <A
            href={props.what ? `/${params.org ?? ''}` : '/'}
            class="rounded font-medium text-accent-ink hover:underline"
          >
            Back to the overview
          </A>
        </p>
      </div>
    </div>
  );
}
