import LogOut from 'lucide-solid/icons/log-out';
import { SignOutDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { toast } from '../../ui/toast.tsx';

async function signOut(): Promise<void> {
  const { failure } = await mutate(SignOutDocument, {});
  // Whoever leaves must not believe to be signed out while the session goes on.
  if (failure) return toast(`You are still signed in. ${failure.message}`, 'bad');
  // A whole new page: nothing of this session stays in memory.
  location.assign('/sign-in');
}

export function SignOutButton() {
  return (
    <button
      type="button"
      onClick={() => void signOut()}
      class="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-2 hover:bg-hover hover:text-ink"
    >
      <LogOut class="size-3.5" aria-hidden="true" />
      Sign out
    </button>
  );
}
