import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddress, networkOf, trustedProxies } from '../../server/address.ts';

const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

const trusts = trustedProxies(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);

test('a stranger cannot choose an address', () => {
  expect(clientAddress(request('203.0.113.9', '1.2.3.4'), trusts)).toBe('203.0.113.9');
  expect(clientAddress(request('10.1.1.1', '6.6.6.6, 203.0.113.9'), trusts)).toBe('203.0.113.9');
});

test('trusted proxies are looked through, one after the other', () => {
  expect(clientAddress(request('::ffff:10.1.1.1', '203.0.113.9, 192.0.2.7'), trusts)).toBe('203.0.113.9');
  expect(clientAddress(request('2001:db8::1', '203.0.113.9'), trusts)).toBe('203.0.113.9');
});

test('what is not an address is not believed', () => {
  expect(clientAddress(request('10.1.1.1', 'nonsense'), trusts)).toBe('10.1.1.1');
  expect(clientAddress(request('10.1.1.1'), trusts)).toBe('10.1.1.1');
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
  ['nonsense', 'nonsense'],
])('limits count "%s" as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
