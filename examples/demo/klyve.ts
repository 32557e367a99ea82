import { runAgent } from './agent.ts';
import { between, oneIn, oneOf, wait } from './chance.ts';

// Klyve, the workflow reviewer: thorough and slow, sometimes silent for too long, and away every minute or so.

const verdicts = [
  'Approved.',
  'Approved with remarks.',
  'Changes needed.',
  'Approved, but watch the retries.',
];
const remarks = [
  'Step 3 retries without a limit; five attempts with growing pauses would do.',
  'The input schema allows an empty customer id, which step 2 cannot handle.',
  'The two branches write the same record. Put them into one transaction or give them an order.',
  'The notification goes out before the commit. If that fails, people hear of something that never happened.',
  'Nothing to add: inputs are checked, failures are handled, and the run can be repeated safely.',
];
const AWAY_EVERY_MS = 70_000;

const connection = runAgent(async (question) => {
  // Longer than its timeout of 8 s: Relay gives the event up, and records this late answer as stale.
  if (oneIn(20)) await wait(9_000, 12_000);
  else await wait(300, 2_000);
  if (oneIn(25)) return question.fail('AGENT_ERROR', 'The workflow definition could not be read.');
  const answer = `${oneOf(verdicts)} ${oneOf(remarks)} ${oneOf(remarks)}`;
  await question.stream(answer, between(40, 160), 'klyve-review-1');
});

setInterval(() => connection.leaveFor(between(6_000, 14_000)), AWAY_EVERY_MS);
