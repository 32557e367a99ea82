import { runApp } from './app.ts';
import { oneIn, oneOf } from './chance.ts';

// Portal, the project management app: people ask about their tasks.

const people = ['mira', 'jon', 'sasha', 'lee'];
const questions = [
  'Where does this task stand?',
  'Summarise the open comments, please.',
  'Can we still make the deadline?',
  'Who could take over the accessibility audit?',
  'Why did the last build fail?',
];

await runApp(1_200, 3_500, () => {
  const task = 110 + Math.floor(Math.random() * 24);
  // A typing mistake somebody made in a settings page: there is no such agent.
  const agent = oneIn(30) ? 'athene' : 'athena';
  return { agent, thread: `task-${task}`, payload: { text: oneOf(questions), task, user: oneOf(people) } };
});
