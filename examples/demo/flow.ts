import { runApp } from './app.ts';
import { between, oneIn, oneOf } from './chance.ts';

// Flow, the workflow engine: two instances with one token ask for reviews of what they run.

const instance = process.env['INSTANCE'] ?? '1';
const workflows = ['invoice-approval', 'customer-onboarding', 'nightly-export', 'refund'];
let run = 0;

await runApp(3_000, 8_000, () => {
  run += 1;
  const workflow = oneOf(workflows);
  const payload = {
    text: `Review run ${run} of ${workflow}.`,
    workflow,
    steps: Math.round(between(3, 9)),
    instance: Number(instance),
  };
  return { agent: oneIn(4) ? 'athena' : 'klyve', thread: `job-${workflow}`, payload };
});
