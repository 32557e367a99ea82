import { getNamedType } from 'graphql';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import type { Client } from '../harness/client.ts';
import { eventFrame, useRelay } from '../harness/room.ts';
import { globalId } from './api.ts';
import { documentOf, idPositions, selectionOf, variablesOf } from './coordinates.ts';
import { closeWatches, Watch } from './live.ts';
import type { Tenant } from './tenant.ts';
import { furnish } from './tenant.ts';

/**
 * Generated from the schema: each subscription is watched by an owner, a member and a key of one organisation at once,
 * while all that can be told of happens in another one and then in their own.
 */
const room = useRelay();
afterEach(closeWatches);

let home: Tenant;
let other: Tenant;
beforeAll(async () => void ([home, other] = [await furnish(room), await furnish(room)]));

/** An event under way: the agent has it and has not answered. */
interface Asked {
  from: Client;
  to: Client;
  eventId: string;
}

async function ask({ app, agent }: Tenant): Promise<Asked> {
  const to = await room.connect(agent);
  const from = await room.connect(app);
  from.send(eventFrame(agent));
  const { event_id } = (await from.find('accepted')).body;
  await to.find('event', { event_id });
  return { from, to, eventId: event_id };
}

/** All that subscriptions tell of: presence, credentials, settings, allowlist, tokens and the end of an event. */
async function stir({ app, agent, owner, ids }: Tenant, { from, to, eventId }: Asked, name: string) {
  await (await room.connect(app)).close();
  await (await room.connect(agent)).close();
  await owner.mutate('updateApp', { id: ids['App'], name });
  await owner.mutate('updateAgent', { id: ids['Agent'], name });
  await owner.mutate('revokePreviousAppToken', { id: ids['App'] });
  await owner.mutate('allowApp', { agentId: ids['Agent'], appId: ids['App'] });
  to.send({ type: 'token', event_id: eventId, token: app.slug });
  await from.find('token', { event_id: eventId });
  to.send({ type: 'reply', event_id: eventId, content: app.slug });
  await from.find('reply', { event_id: eventId });
}

const subscriptions = Object.values(schema.getSubscriptionType()!.getFields());

describe.each(subscriptions.map((field) => [field.name, field] as const))('%s', (name, field) => {
  test('tells nothing of another organisation, and each what their own role lets them see', async () => {
    const asked = await ask(home);
    const ids = { ...home.ids, Event: globalId('Event', asked.eventId) } as Record<string, string>;
    // Nothing that is not required: a filter by an own app would hide what is not told apart by organisation.
    const variables = variablesOf(field, (path, required) => {
      const { types } = idPositions(field).find((each) => each.path.join() === path.join())!;
      return required ? ids[types[0]!] : undefined;
    });
    const document = documentOf('subscription', field, variables, selectionOf(getNamedType(field.type), 3));
    const roles = { owner: 'OWNER', member: 'MEMBER', key: 'OWNER' };
    const watches = (['owner', 'member', 'key'] as const).map((who) => ({
      watch: new Watch(home[who], document, variables),
      role: roles[who],
    }));
    for (const { watch } of watches) await watch.next();
    const elsewhere = await ask(other);
    await stir(other, elsewhere, 'elsewhere');
    await stir(home, asked, `after ${name}`);
    for (const { watch, role } of watches) {
      const last = await watch.until((item) => JSON.stringify(item).includes(`after ${name}`));
      const told = JSON.stringify(watch.items);
      const leaked = [...other.marks, elsewhere.eventId, 'elsewhere'].filter((mark) => told.includes(mark));
      expect(leaked).toEqual([]);
      expect(watch.items.filter((item) => item.errors)).toEqual([]);
      const seen = [...JSON.stringify(last).matchAll(/"viewerRole":"(\w+)"/g)].map(([, each]) => each);
      expect(new Set(seen)).toEqual(new Set([role]));
    }
  });
});
