import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { Held } from './held.ts';
import { focused, useStage } from './stage.ts';

const stage = useStage();

describe('an event', () => {
  test('is edited and sent again as a new one that names the first, byte for byte what was written', async () => {
    const { page } = stage.visit;
    const id = await stage.happens('edit', { text: 'Helo', id: 1 }, 'What?');
    await page.goto(`${stage.visit.url}/acme/events/${id}`);
    await page.getByRole('button', { name: 'Edit & resend' }).click();
    await stage.dialog().getByLabel('Payload').fill('{"text":');
    await stage.dialog().getByText('The payload has to be a JSON object.').waitFor();
    await stage.dialog().getByLabel('Payload').fill('{ "text": "Hello", "id": 90071992547409931234 }');
    await stage.dialog().getByRole('button', { name: 'Resend' }).click();
    await page.getByText(/^Sent again as evt_/).waitFor();
    const { body, text } = await stage.agent.find('event');
    expect(text).toContain('"payload":{ "text": "Hello", "id": 90071992547409931234 }');
    stage.agent.send({ type: 'reply', event_id: body['event_id'], content: '{"heard":["Hello"]}' });
    await page.getByRole('heading', { name: String(body['event_id']) }).waitFor();
    const reply = page.getByRole('region', { name: 'Reply' });
    await reply.getByRole('button', { name: 'Tree' }).click();
    await reply.getByText('"Hello"').waitFor();
    await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: id }).waitFor();
  });

  test('is not sent again without a word when its payload was deleted meanwhile', async () => {
    const { page } = stage.visit;
    const id = await stage.happens('gone', {}, 'What?');
    await page.goto(`${stage.visit.url}/acme/events/${id}`);
    await page.getByRole('button', { name: 'Resend', exact: true }).click();
    await stage.visit.graphql(
      `mutation M($id: ID!) { deleteEventContent(input: { id: $id }) { __typename } }`,
      { id },
    );
    await page.getByText('What this event carried was deleted for good').waitFor();
    await stage.dialog().getByRole('button', { name: 'Resend' }).click();
    await stage.dialog().getByText('The payload was deleted: give another one.').waitFor();
    await page.keyboard.press('Escape');
  });

  test('shows where its time went, and is saved and closed value by value', async () => {
    const { page } = stage.visit;
    const id = await stage.happens('tree', { list: [{ a: 1 }, { b: 2 }] }, 'Fine.');
    await page.goto(`${stage.visit.url}/acme/events/${id}`);
    const times = page.getByRole('list', { name: 'Where the time went' });
    await times.getByText('Attempt 1').waitFor();
    const payload = page.getByRole('region', { name: 'Payload' });
    await payload.getByText('"b"').waitFor();
    await payload.getByRole('button', { name: /"list"/ }).click();
    await payload.getByText('"b"').waitFor({ state: 'detached' });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      payload.getByRole('button', { name: 'Download payload' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(`${id}-payload.json`);
    expect(readFileSync(await file.path(), 'utf8')).toBe('{"list":[{"a":1},{"b":2}]}');
  });
});

test('an event that is open learns that it was sent again elsewhere, on its page and beside the list', async () => {
  const { page, url } = stage.visit;
  const id = await stage.happens('again', {}, 'Once.');
  const again = async (): Promise<string> => {
    const { resendEvent } = await stage.visit.graphql(
      `mutation M($id: ID!) { resendEvent(input: { id: $id }) {
        ... on ResendEventSuccess { event { eventId threadId } } } }`,
      { id },
    );
    const { event } = resendEvent as unknown as { event: { eventId: string; threadId: string } };
    expect(event.threadId).not.toBe('again');
    await stage.agent.find('event', { event_id: event.eventId });
    return event.eventId;
  };
  for (const path of [`events/${id}`, `events?event=${id}`]) {
    await page.goto(`${url}/acme/${path}`);
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText('Attempts').waitFor();
    await page.getByRole('region', { name: 'Thread' }).getByRole('link', { name: id }).waitFor();
    for (let n = 0; n < 5; n += 1) await details.getByRole('link', { name: await again() }).waitFor();
    expect(await details.getByText(/newest/).count()).toBe(0);
  }
  const list = page.getByRole('list', { name: 'Sent again as' });
  expect(await list.getByRole('link').count()).toBe(10);
  await list.getByRole('link', { name: await again() }).waitFor();
  await page.getByText('The newest 10.').waitFor();
  expect(await list.getByRole('link').count()).toBe(10);
});

test('the content of an event is deleted only by whoever types its id, and nothing of it is left on the page', async () => {
  const { page } = stage.visit;
  const id = await stage.happens('delete', { text: 'forget me' }, 'Forgotten?');
  await page.goto(`${stage.visit.url}/acme/events/${id}`);
  await page.getByRole('region', { name: 'Payload' }).getByText('"forget me"').waitFor();
  await page.getByRole('button', { name: 'Delete content' }).click();
  const confirm = stage.dialog().getByRole('button', { name: 'Delete content' });
  await stage.dialog().getByLabel('Type the event ID to confirm').fill(id.slice(0, -1));
  await confirm.click({ force: true });
  expect(await stage.dialog().count()).toBe(1);
  await stage.dialog().getByLabel('Type the event ID to confirm').fill(id);
  await confirm.click();
  await page.getByText('What this event carried was deleted for good').waitFor();
  expect(await page.content()).not.toContain('forget me');
  expect(await page.getByRole('button', { name: 'Resend', exact: true }).getAttribute('aria-disabled')).toBe(
    'true',
  );
});

describe('the palette', () => {
  test('goes to pages, agents and events by a few letters, and gives the focus back', async () => {
    const { page } = stage.visit;
    const id = await stage.happens('palette', {}, 'Yes.');
    await page.goto(`${stage.visit.url}/acme/settings`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const find = page.getByRole('button', { name: 'Go to…' });
    await find.focus();
    await page.keyboard.press('Control+k');
    await stage.dialog().getByRole('option', { name: 'Overview' }).waitFor();
    await page.keyboard.press('Escape');
    await stage.dialog().waitFor({ state: 'detached' });
    await expect.poll(() => focused(find)).toBe(true);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('athe');
    await stage.dialog().getByRole('option', { name: 'Athena' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Athena' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(id);
    await stage.dialog().getByRole('option', { name: id }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: id }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('evt_0mwt2zk1g0000001');
    await stage.dialog().getByText('No event of yours has this ID.').waitFor();
    await page.keyboard.press('Escape');
  });

  describe('while it is still looking', () => {
    let held: Held;
    beforeEach(async () => {
      const { page } = stage.visit;
      await page.goto(`${stage.visit.url}/acme/settings`);
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      held = await Held.back(page, 'Anything');
      await page.keyboard.press('Control+k');
      await stage.dialog().getByRole('combobox').fill('athe');
      await stage.dialog().getByRole('option', { name: 'In thread “athe”', selected: true }).waitFor();
      await expect.poll(() => held.count()).toBe(2);
    });

    test('Enter goes to what is called that once it is found, rather than to a search', async () => {
      const { page } = stage.visit;
      await page.keyboard.press('Enter');
      await stage.dialog().getByText('Looking…').waitFor();
      await held.release();
      await page.getByRole('heading', { name: 'Athena', exact: true }).waitFor();
    });

    test('what the keys were moved to stays chosen as other things are found', async () => {
      const { page } = stage.visit;
      await page.keyboard.press('ArrowDown');
      await held.release();
      await stage
        .dialog()
        .getByRole('option', { name: /^Athena/ })
        .waitFor();
      await stage
        .dialog()
        .getByRole('option', { name: 'Payload or reply contains', selected: true })
        .waitFor();
      await page.keyboard.press('Escape');
    });
  });

  test('says that it cannot search when it cannot', async () => {
    const { page } = stage.visit;
    await page.goto(`${stage.visit.url}/acme/settings`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query Anything') ? route.abort() : route.continue(),
    );
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zzz');
    await stage.dialog().getByText('Relay cannot be reached.').waitFor();
    await page.unroute('**/graphql');
    await page.keyboard.press('Escape');
  });
});

test('the console streams an answer, goes on in the same thread, and is found again at its address', async () => {
  const { page } = stage.visit;
  await page.goto(`${stage.visit.url}/acme/console`);
  await page.getByLabel('Message').fill('Hello, are you there?');
  await page.keyboard.press('Enter');
  const first = (await stage.agent.find('event')).body;
  stage.agent.send({ type: 'token', event_id: first['event_id'], token: 'Yes, ' });
  await page.getByTestId('stream').filter({ hasText: 'Yes,' }).waitFor();
  stage.agent.send({ type: 'reply', event_id: first['event_id'], content: 'Yes, I am.' });
  await page.getByTestId('reply').filter({ hasText: 'Yes, I am.' }).waitFor();
  await page.getByRole('button', { name: 'JSON' }).click();
  await page.getByLabel('Payload').fill('{"n":1');
  await page.getByText('The payload has to be a JSON object.').waitFor();
  await page.getByLabel('Payload').fill('{"n":1}');
  await page.getByRole('button', { name: 'Send' }).click();
  const second = (await stage.agent.find('event')).body;
  expect(second['thread_id']).toBe(first['thread_id']);
  stage.agent.send({
    type: 'error',
    event_id: second['event_id'],
    error: 'No numbers, please.',
    code: 'AGENT_ERROR',
  });
  await page.getByText('No numbers, please.').waitFor();
  await page.reload();
  await page.getByTestId('reply').filter({ hasText: 'Yes, I am.' }).waitFor();
  await page.getByText('No numbers, please.').waitFor();
  await page.getByRole('button', { name: 'New thread' }).click();
  await page.getByText('Talk to Athena').waitFor();
  expect(stage.query().get('thread')).toBeNull();
});

test('what is said in the console stands there at once, and comes back when it could not be sent', async () => {
  const { page } = stage.visit;
  await page.goto(`${stage.visit.url}/acme/console`);
  const said = page.getByRole('log').getByText('Can you hear me?');
  const message = page.getByLabel('Message');
  const held = await Held.back(page, 'SendTestEvent');
  await message.fill('Can you hear me?');
  await page.keyboard.press('Enter');
  await said.waitFor();
  expect(await message.inputValue()).toBe('');
  await expect.poll(() => held.count()).toBe(1);
  await held.release((route) => route.abort());
  await page.getByText('Relay cannot be reached.').waitFor();
  await said.waitFor({ state: 'detached' });
  expect(await message.inputValue()).toBe('Can you hear me?');
  await page.keyboard.press('Enter');
  await expect.poll(() => stage.query().get('thread')).not.toBeNull();
  const { body } = await stage.agent.find('event', { thread_id: stage.query().get('thread') });
  expect(body['payload']).toEqual({ text: 'Can you hear me?' });
  stage.agent.send({ type: 'reply', event_id: body['event_id'], content: 'Yes.' });
  await page.getByTestId('reply').getByText('Yes.').waitFor();
  expect(await said.count()).toBe(1);
});

test('the browser had nothing to complain about', () => {
  const aborted = /net::ERR_FAILED/;
  expect(stage.visit.complaints.filter((text) => !aborted.test(text))).toEqual([]);
});
