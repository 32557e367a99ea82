import { expect, test } from 'vitest';
import type { ProgressMessage } from '../../client/live/progress.ts';
import { advance, noProgress } from '../../client/live/progress.ts';

const message = (append: string, more: Partial<ProgressMessage> = {}): ProgressMessage => ({
  append,
  attempt: 1,
  restart: false,
  done: false,
  ...more,
});

const after = (...messages: ProgressMessage[]) => messages.reduce(advance, noProgress);

test('pieces join in the order they come', () => {
  expect(after(message('Hel'), message('lo '), message('there')).text).toBe('Hello there');
});

test('a late joiner begins with the text so far', () => {
  expect(after(message('Hello th'), message('ere')).text).toBe('Hello there');
});

test('another attempt discards what the one before had said', () => {
  expect(
    after(message('Hel'), message('', { attempt: 2, restart: true }), message('Yes', { attempt: 2 })),
  ).toEqual({ text: 'Yes', attempt: 2, done: false });
});

test('another attempt discards it even when the word about the restart was lost', () => {
  expect(after(message('Hel'), message('Yes', { attempt: 2 })).text).toBe('Yes');
});

test('the end keeps the text', () => {
  expect(after(message('Hello'), message('', { done: true }))).toEqual({
    text: 'Hello',
    attempt: 1,
    done: true,
  });
});
