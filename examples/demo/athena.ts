import { runAgent } from './agent.ts';
import { between, oneIn, oneOf, wait } from './chance.ts';

// Athena, the project assistant: usually quick, now and then in trouble.

const openings = ['Here is what I found.', 'In short:', 'I went through the thread.', 'Good question.'];
const findings: [RegExp, string][] = [
  [
    /stand/,
    'Three of the seven steps are done, two are in review, and the export waits for a decision on its format.',
  ],
  [
    /deadline/,
    'The deadline holds if the design review happens before Thursday; otherwise it moves by two days.',
  ],
  [/comments/, 'Most of the open comments concern the sign-up form. Two of them ask for the same change.'],
  [
    /build/,
    'The last build failed in the migration step, because the staging database is one version behind.',
  ],
  [/audit/, 'Nobody is assigned to the audit yet. Mira has the most free hours this week.'],
];
const noFinding =
  'Nothing in the project speaks against it; the last three runs went through without a warning.';
const proposals = [
  'I would close the duplicates first and ask Jon to confirm the scope.',
  'A short call would settle this faster than more comments.',
  'Shall I draft the status update for Friday?',
  'I can split the task in two, so that the first half ships this week.',
];

runAgent(async (question) => {
  await wait(100, 900);
  if (oneIn(16)) {
    return question.fail(
      'AGENT_ERROR',
      oneOf(['The model returned no answer.', 'The project index is being rebuilt.']),
    );
  }
  const finding = findings.find(([about]) => about.test(question.text))?.[1] ?? noFinding;
  const answer = `${oneOf(openings)} ${finding} ${oneOf(proposals)}`;
  await question.stream(answer, between(20, 110), 'athena-2');
});
