import { describe, expect, it } from 'vitest';
import { mintToken, parseToken } from '../../server/credentials/token.ts';
import type { TokenKind } from '../../server/credentials/token.ts';

const KINDS: TokenKind[] = ['app', 'agent', 'key'];
const LONGEST_ID = 'a' + '-'.repeat(38) + '9';

describe('a token', () => {
  it.each([
    ['app', 'rlk_'],
    ['agent', 'rla_'],
    ['key', 'rlo_'],
  ] as const)('of kind %s starts with %s and reads back as its id and lookup', (kind, prefix) => {
    const { token, lookup } = mintToken(kind, 'portal');
    expect(token).toMatch(new RegExp(`^${prefix}portal_[0-9a-z]{57}$`));
    expect(parseToken(kind, token)).toEqual({ id: 'portal', lookup });
    expect(token.slice(-57, -45)).toBe(lookup);
  });

  it('is accepted by no door but its own', () => {
    for (const minted of KINDS) {
      for (const door of KINDS) {
        if (door === minted) continue;
        expect(parseToken(door, mintToken(minted, 'portal').token)).toBeNull();
      }
    }
  });

  it.each(['a', '9', 'my-app-2', LONGEST_ID])('reads back for the id %s', (id) => {
    const { token } = mintToken('app', id);
    expect(parseToken('app', token)?.id).toBe(id);
  });

  it('with the longest id is refused when its last character alone is altered', () => {
    const { token } = mintToken('app', LONGEST_ID);
    for (const other of '0123456789abcdefghijklmnopqrstuvwxyz') {
      if (other !== token.at(-1)) expect(parseToken('app', token.slice(0, -1) + other)).toBeNull();
    }
  });

  it.each(['portal', LONGEST_ID])('for %s is refused when any one character is altered', (id) => {
    const { token } = mintToken('agent', id);
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ['0', 'z', '7', '-', '_', 'A', ' ', '\0', 'é']) {
        if (other === token[at]) continue;
        expect(
          parseToken('agent', token.slice(0, at) + other + token.slice(at + 1)),
          `position ${at}`,
        ).toBeNull();
      }
    }
  });

  it('is refused when two neighbours changed places', () => {
    const { token } = mintToken('app', 'portal');
    for (let at = 0; at < token.length - 1; at += 1) {
      if (token[at] === token[at + 1]) continue;
      const swapped = token.slice(0, at) + token[at + 1] + token[at] + token.slice(at + 2);
      expect(parseToken('app', swapped)).toBeNull();
    }
  });

  it('is refused when cut short, lengthened, capitalised or surrounded by white space', () => {
    const { token } = mintToken('app', 'portal');
    for (let length = 0; length < token.length; length += 1) {
      expect(parseToken('app', token.slice(0, length))).toBeNull();
    }
    for (const text of [
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
      token.toUpperCase(),
      '',
      'x'.repeat(1_000_000),
    ]) {
      expect(parseToken('app', text)).toBeNull();
    }
  });

  it('is never minted for an id that is no slug', () => {
    for (const id of ['', '-a', 'a-', 'A', 'a_b', 'a b', 'ä', 'a'.repeat(41)]) {
      expect(() => mintToken('app', id)).toThrow(TypeError);
    }
  });

  it('uses every digit of its alphabet equally often', () => {
    const counts = new Map<string, number>();
    const tokens = 4000;
    for (let n = 0; n < tokens; n += 1) {
      for (const digit of mintToken('app', 'a').token.slice(6, -7))
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    // 200,000 digits, 5,556 of each expected with a deviation of 74; bytes taken modulo 36 would favour four by 14 %.
    const expected = (tokens * 50) / 36;
    expect(counts.size).toBe(36);
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.08);
  });
});
