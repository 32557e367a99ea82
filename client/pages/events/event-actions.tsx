import Link from 'lucide-solid/icons/link';
import PencilLine from 'lucide-solid/icons/pencil-line';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import Trash from 'lucide-solid/icons/trash';
import { Show, createEffect, createSignal, on } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { copy } from '../../ui/clipboard.ts';
import { toast } from '../../ui/toast.tsx';
import { DeleteContentDialog } from './delete-content-dialog.tsx';
import { ResendDialog } from './resend-dialog.tsx';

export function EventActions(props: { event: EventDetailFragment }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [asking, setAsking] = createSignal<'same' | 'edited' | 'deleted'>();
  // What is asked about one event is not asked about the next.
  createEffect(
    on(
      () => props.event.id,
      () => setAsking(undefined),
      { defer: true },
    ),
  );
  const sendable = () =>
    readOnly() ?? (props.event.contentDeletedAt ? 'Its payload was deleted.' : undefined);
  const share = async (): Promise<void> => {
    const link = `${location.origin}/${organization().slug}/events/${props.event.eventId}`;
    if (await copy(link)) toast('Link copied. It opens for members of this organization.');
    else toast(`The clipboard is out of reach. The link is ${link}`, 'bad');
  };
  return (
    <>
      <Button disabledReason={sendable()} onClick={() => setAsking('same')}>
        <RotateCw class="size-3.5 max-sm:hidden" aria-hidden="true" />
        Resend
      </Button>
      <Button disabledReason={sendable()} onClick={() => setAsking('edited')}>
        <PencilLine class="size-3.5 max-sm:hidden" aria-hidden="true" />
        Edit &amp; resend
      </Button>
      <Button onClick={() => void share()}>
        <Link class="size-3.5 max-sm:hidden" aria-hidden="true" />
        Copy link
      </Button>
      <Show when={!props.event.contentDeletedAt && props.event.status !== 'PENDING'}>
        <Button
          variant="danger"
          disabledReason={readOnly()}
          aria-label="Delete content"
          title="Delete content"
          onClick={() => setAsking('deleted')}
        >
          <Trash class="size-3.5" aria-hidden="true" />
        </Button>
      </Show>
      <Show when={props.event.id} keyed>
        <ResendDialog
          event={props.event}
          edit={asking() === 'edited'}
          open={asking() === 'same' || asking() === 'edited'}
          onClose={() => setAsking(undefined)}
        />
        <DeleteContentDialog
          event={props.event}
          open={asking() === 'deleted'}
          onClose={() => setAsking(undefined)}
        />
      </Show>
    </>
  );
}
