import type { InvitationRowFragment } from '../../api/generated/graphql.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { Notice } from '../../ui/states.tsx';

/** What to do when no mail could be sent. The link is no secret: it only leads to signing in. */
export function InvitationLink(props: { invitation: InvitationRowFragment }) {
  const link = () => `${location.origin}${props.invitation.path}`;
  return (
    <div class="flex flex-col gap-3">
      <Notice tone="wait">No mail was sent. Give {props.invitation.email} this link yourself.</Notice>
      <div class="flex items-center gap-2 rounded-md bg-sunken p-2">
        <code class="min-w-0 flex-1 font-mono text-xs break-all">{link()}</code>
        <CopyButton text={link()} what="link" labelled />
      </div>
    </div>
  );
}
