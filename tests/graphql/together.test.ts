import { describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import type { Owner } from '../harness/seed.ts';
import { organizationId, script } from './api.ts';
import { decisions, setStage } from './decisions.ts';
import { AUDIT, times, togetherIn, typesOf } from './together.ts';

/** What several people change at the same moment, or one of them in several tabs. */
const room = useRelay();
const { together, recorded } = togetherIn(room);

describe('of two selections for one allowlist', () => {
  const change = (agent: Owner, allow: Owner[], disallow: Owner[]) => () =>
    script(room).mutate('changeAllowlist', {
      agentId: agent.globalId,
      allow: allow.map(({ globalId }) => globalId),
      disallow: disallow.map(({ globalId }) => globalId),
    });
  const allowed = async (agent: Owner) =>
    (await room.relay.sql('select app_id from allowlist_entry where agent_id = $1', [agent.id]))
      .map((row) => row['app_id'])
      .sort();

  test('the later one holds as a whole', async () => {
    const agent = await room.seed.agent();
    const [one, two] = [await room.seed.app(), await room.seed.app()];
    const [three, four] = [await room.seed.app(), await room.seed.app()];
    await change(agent, [one, two], [])();
    await together(AUDIT, [change(agent, [one, three], [two]), change(agent, [two, four], [one])]);
    expect(await allowed(agent)).toEqual([two.id, three.id, four.id].sort());
  });
});

test.each([
  ['changeAllowlist', ({ globalId }: Owner) => ({ allow: [], disallow: [globalId] })],
  ['disallowApp', ({ globalId }: Owner) => ({ appId: globalId })],
])('of two who take off one of two apps each by %s, none opens the agent unasked', async (name, change) => {
  const [agent, ...apps] = [await room.seed.agent(), await room.seed.app(), await room.seed.app()];
  const agentId = agent.globalId;
  const list = { agentId, allow: apps.map(({ globalId }) => globalId), disallow: [] };
  await script(room).mutate('changeAllowlist', list);
  const take = (app: Owner, mayOpen: boolean) => () =>
    script(room).mutate(name, { agentId, ...change(app), mayOpen });
  const answers = await together(
    AUDIT,
    apps.map((app) => take(app, false)),
  );
  expect(typesOf(answers)).toEqual([expect.stringMatching(/Success$/), 'ValidationError']);
  expect(await recorded('APP_DISALLOWED')).toBe(1);
  expect((await take(apps[1], true)()).__typename).toMatch(/Success$/);
});

test('the token that is ended early is the one that was looked at, not the one that a rotation since made the old one', async () => {
  const app = await room.seed.app();
  const tokens = 'app { tokens { lookup state } }';
  const rotate = () => script(room).mutate('rotateAppToken', { id: app.globalId }, tokens);
  const lookup = (await rotate()).app.tokens[1].lookup;
  const [, after] = await together(AUDIT, [
    rotate,
    () => script(room).mutate('revokePreviousAppToken', { id: app.globalId, lookup }, tokens),
  ]);
  const states = after.app.tokens.map(({ state }: { state: string }) => state);
  expect(states).toEqual(['CURRENT', 'PREVIOUS', 'REVOKED']);
  const previous = { id: app.globalId, lookup: after.app.tokens[1].lookup };
  await script(room).mutate('revokePreviousAppToken', previous);
  expect(await recorded('APP_PREVIOUS_TOKEN_REVOKED')).toBe(1);
});

describe('contents', () => {
  const read = async (id: string) =>
    (await script(room).ask('query E($id: ID!) { event(id: $id) { payload } }', { id })).data.event.payload;
  const order = (app: Owner) => () =>
    script(room).mutate('deleteAppContents', { id: app.globalId, appId: app.slug });

  test('of one event deleted twice at once are deleted for both, and recorded once', async () => {
    const stage = await setStage(room);
    const input = await decisions['deleteEventContent']!.input(stage);
    const answers = await together(
      AUDIT,
      times(2, () => stage.owner.mutate('deleteEventContent', input)),
    );
    expect(typesOf(answers)).toEqual(['DeleteEventContentSuccess', 'DeleteEventContentSuccess']);
    expect(await recorded('EVENT_CONTENT_DELETED')).toBe(1);
  });

  test('that are ordered to be deleted while they are sent again do not outlive it', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    room.clock.advance(5);
    const answers = await together(AUDIT, [
      () => script(room).mutate('resendEvent', { id: event_id }),
      order(pair.app),
    ]);
    expect(typesOf(answers)).toEqual(['ValidationError', 'DeleteAppContentsSuccess']);
  });

  test('stay hidden when their deletion is ordered once more by a clock that stepped back', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    room.clock.advance(5);
    await order(pair.app)();
    expect(await read(event_id)).toBeNull();
    room.clock.jump(-60_000);
    await order(pair.app)();
    room.clock.jump(60_000);
    expect(await read(event_id)).toBeNull();
  });
});

test('of all who register one App ID at the same time, one does, and is recorded', async () => {
  const input = { organizationId: organizationId(room.seed), name: 'Same', appId: 'same' };
  const answers = await together(
    AUDIT,
    times(3, () => script(room).mutate('registerApp', input)),
  );
  expect(typesOf(answers)).toEqual(['RegisterAppSuccess', 'IdTakenError', 'IdTakenError']);
  expect(await recorded('APP_REGISTERED')).toBe(1);
});
