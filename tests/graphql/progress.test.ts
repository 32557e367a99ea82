import { expect, test } from 'vitest';
import { SlowConsumerError } from '../../server/bus/stream.ts';
import { Answer } from '../../server/graphql/live/progress.ts';

const fragment = (token: string) => ({ attempt: 1, token, restart: false });

test('each fragment is appended once, also when the text so far came first', () => {
  const answer = new Answer();
  answer.begin(1, 'so far');
  expect(answer.flush()).toMatchObject({ text: 'so far', append: 'so far' });
  answer.take(fragment(' and'));
  answer.take(fragment(' on'));
  expect(answer.flush()).toMatchObject({ text: 'so far and on', append: ' and on' });
  expect(answer.flush()).toMatchObject({ append: '' });
});

test('a further attempt begins with an empty text', () => {
  const answer = new Answer();
  answer.take(fragment('lost'));
  answer.take({ attempt: 2, token: '', restart: true });
  answer.take({ attempt: 2, token: 'new', restart: false });
  expect(answer.flush()).toEqual({ text: 'new', append: 'new', attempt: 2, restart: true });
});

test('what is dropped is void for whoever was sent some of it, once', () => {
  const answer = new Answer();
  answer.take(fragment('never sent'));
  answer.drop();
  expect(answer.flush()).toEqual({ text: '', append: '', attempt: 1, restart: false });
  answer.take(fragment('sent'));
  answer.flush();
  answer.take(fragment(' and not'));
  answer.drop();
  expect(answer.flush()).toEqual({ text: '', append: '', attempt: 1, restart: true });
  answer.drop();
  expect(answer.flush()).toMatchObject({ restart: false });
});

test('an answer without end is passed on but not kept without end', () => {
  const answer = new Answer();
  const token = 'x'.repeat(65_536);
  for (let n = 0; n < 100; n += 1) {
    answer.take(fragment(token));
    expect(answer.flush().append).toBe(token);
  }
  expect(answer.text.length).toBeLessThanOrEqual(262_144);
});

test('a watcher that falls megabytes behind is ended by name', () => {
  const answer = new Answer();
  for (let n = 0; n < 100; n += 1) answer.take(fragment('x'.repeat(65_536)));
  expect(() => answer.flush()).toThrow(SlowConsumerError);
});
