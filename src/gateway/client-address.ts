import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/**
 * Tells whether an address is within ranges such as `10.0.0.0/8` or one of single addresses.
 * @param ranges as the configuration's schema has judged them
 */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
}

/** The address that a request's connection comes from, IPv4 as itself where it came mapped to IPv6. */
export function peerAddress(request: IncomingMessage): string {
  return plain(request.socket.remoteAddress ?? '')
}

/**
 * The address of who has sent a request. What a proxy says in X-Forwarded-For is believed as far as
 * each that has added to it is trusted; anybody can write what stands before that.
 */
export function clientAddress(
  request: IncomingMessage,
  isTrusted: (address: string) => boolean,
): string {
  const said = (request.headersDistinct['x-forwarded-for'] ?? []).join(',').split(',')
  let address = peerAddress(request)
  while (isTrusted(address)) {
    const before = plain((said.pop() ?? '').trim())
    if (!isIP(before)) return address
    address = before
  }
  return address
}

function plain(address: string) {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
