import { runApp } from './app.ts';
import { oneIn, oneOf } from './chance.ts';

// Studio, the code editor. It is not on athena's allowlist, and some of its users ask athena all the same.

const files = ['src/orders/total.ts', 'src/mail/queue.ts', 'src/login/session.ts', 'src/export/csv.ts'];
const wishes = ['Review this change.', 'What can go wrong here?', 'Is this safe to run twice?'];

await runApp(4_000, 9_000, () => {
  const file = oneOf(files);
  const agent = oneIn(5) ? 'athena' : 'klyve';
  return { agent, thread: `file:${file}`, payload: { text: oneOf(wishes), file, lines: [12, 48] } };
});
