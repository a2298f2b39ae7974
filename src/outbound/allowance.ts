import { isIP } from 'node:net';
import ip from 'ipaddr.js';

/** Where a call may go beside the public internet. */
export interface Allowance {
  /** Whether this address, reached by this name (or by itself), was allowed by whoever runs the service. */
  names(host: string, address: string): boolean;
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** Whether an entry of PROBITY_OUTBOUND_ALLOW means anything: an address, a range (CIDR) or a host name. */
export function isAllowable(entry: string): boolean {
  return isIP(entry) !== 0 || ip.isValidCIDR(entry) || (HOST_NAME.test(entry) && !/^[\d.]+$/.test(entry));
}

/** @param entries each `isAllowable`; a host name allows every address that it resolves to */
export function allowanceOf(entries: readonly string[]): Allowance {
  const hosts = new Set<string>();
  const ranges: ReturnType<typeof ip.parseCIDR>[] = [];
  for (const entry of entries) {
    if (isIP(entry)) {
      const address = ip.process(entry);
      ranges.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else if (ip.isValidCIDR(entry)) ranges.push(ip.parseCIDR(entry));
    else hosts.add(entry.toLowerCase());
  }
  return {
    names(host, address) {
      if (hosts.has(host.toLowerCase())) return true;
      const parsed = ip.process(address);
      return ranges.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits));
    },
  };
}

/**
 * Whether an address is one of the public internet: no private, loopback, link-local, shared, multicast or reserved
 * one, and none that carries another address inside (IPv4-mapped, NAT64, 6to4, Teredo), which could be one of those.
 */
export function isPublic(address: string): boolean {
  return ip.process(address).range() === 'unicast';
}
