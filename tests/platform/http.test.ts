import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRelay } from '../harness/server.ts';
import type { TestRelay } from '../harness/server.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

test('is alive and ready', async () => {
  expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
});
