import { useLocation } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { ErrorBoundary, createEffect, on } from 'solid-js';
import { Problem } from '../../ui/states.tsx';

/** What browsers say when a part of the dashboard could not be fetched. */
const notFetched = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported|module script/i.test(error.message);

/**
 * Keeps a page that cannot be shown from taking the rest with it: its code is not to be had while the server is away,
 * and is gone for good once a newer version is served. Going elsewhere leaves the problem behind.
 */
export function Boundary(props: { children: JSX.Element }) {
  const location = useLocation();
  return (
    <ErrorBoundary
      fallback={(error: unknown, reset) => {
        if (!notFetched(error)) reportError(error);
        createEffect(on(() => location.pathname, reset, { defer: true }));
        return (
          <div class="grid min-h-[70vh] place-items-center">
            {/* The whole page anew, since a module that failed once is never fetched again. */}
            <Problem onRetry={() => window.location.reload()}>
              {notFetched(error)
                ? 'This page could not be loaded. Check that the server is running and try again.'
                : 'Something went wrong on this page. Try again, or go to another one.'}
            </Problem>
          </div>
        );
      }}
    >
      {props.children}
    </ErrorBoundary>
  );
}
