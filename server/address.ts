import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Whether an address belongs to a proxy whose X-Forwarded-For is believed. */
export type Trusts = (address: string) => boolean;

/** `entries` are addresses or CIDR ranges, as validated by the configuration. */
export function trustedProxies(entries: string[]): Trusts {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d; one peer must have one name. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  // The parser of URLs knows every spelling; it takes no zone, which only names an interface of this machine.
  const short = new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
  const [head, tail] = short.split('::').map((part) => part.split(':').filter(Boolean));
  const [before, after] = [head ?? [], tail ?? []];
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

/**
 * What limits count as one address. Whoever has an IPv6 address has its whole /64, as cheaply as an IPv4 address. To
 * be shown or recorded, an address is kept whole.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return `${groups.slice(0, 4).join(':')}::/64`;
  const [high, low] = groups.slice(6).map((group) => parseInt(group, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * The address a request came from. X-Forwarded-For is read from its right end, and only across hops that are trusted:
 * whatever stands left of the first untrusted hop was written by a stranger.
 */
export function clientAddress(request: IncomingMessage, trusts: Trusts): string {
  let address = plain(request.socket.remoteAddress ?? '');
  const forwarded = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').reverse();
  for (const hop of hops) {
    const next = plain(hop.trim());
    if (!trusts(address) || isIP(next) === 0) break;
    address = next;
  }
  return address;
}
