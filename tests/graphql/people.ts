import type { Room } from '../harness/room.ts';
import type { Person } from './api.ts';
import { globalId, organizationId, signedIn } from './api.ts';

let guests = 0;
export const newGuest = () => `guest-${(guests += 1)}@people.test`;

/** Who comes to a room's organisation and who goes. */
export function peopleOf(room: Room) {
  return {
    async membershipOf(person: Person): Promise<string> {
      const rows = await room.relay.sql(
        'select id from membership where user_id = $1 and organization_id = $2',
        [person.userId, room.seed.organizationId],
      );
      return globalId('Membership', String(rows[0]!['id']));
    },

    async invite(owner: Person, email = newGuest(), role = 'MEMBER') {
      const input = { organizationId: organizationId(room.seed), email, role };
      const selection = 'mailed invitation { id email role state expiresAt organizationName invitedBy }';
      return owner.mutate('inviteMember', input, selection);
    },

    /** Somebody with this address who is signed in and belongs nowhere. */
    async outsider(email: string): Promise<Person> {
      const person = await signedIn(room, 'member');
      await room.relay.sql('delete from membership where user_id = $1', [person.userId]);
      await room.relay.sql('update user_account set email = $2 where id = $1', [person.userId, email]);
      return person;
    },
  };
}
