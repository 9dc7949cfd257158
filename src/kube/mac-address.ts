/** MAC addresses as text: their notations, and new ones. */

/** Twelve hexadecimal digits in the notations Go's net.ParseMAC reads, which is what KubeVirt uses. */
const syntax = /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i

export function isMac(text: string): boolean {
  return syntax.test(text)
}

/** Lower case with colons, so that all notations of an address are one. */
export function plainMac(mac: string): string {
  const digits = mac.toLowerCase().replaceAll(/[^\da-f]/g, '')
  return digits.match(/../g)?.join(':') ?? digits
}

/**
 * A random address that is nobody's: unicast and locally administered, the two low bits of the first
 * byte being 10 (IEEE 802-2014 8.4). All that KubeVirt chooses itself begin with 02 as well.
 */
export function randomMac(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5))
  return ['02', ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':')
}
