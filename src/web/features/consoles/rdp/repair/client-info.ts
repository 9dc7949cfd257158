/**
 * Asks the guest to sign in with what the client sends. IronRDP's web client sends user name and
 * password without that, so that a server without NLA shows its own sign-in screen and the same is
 * typed twice. Its `autologon` is out of reach from JavaScript:
 * https://github.com/Devolutions/IronRDP/blob/npm-iron-remote-desktop-rdp-v0.7.0/crates/ironrdp-web/src/session.rs#L1424
 */

const infoPacket = 0x0040
const autologon = 0x0000_0008
/** TPKT, X.224 data, MCS Send Data Request with its length in one or two bytes. */
const headLengths = { short: 14, long: 15 }
/** Security header and code page come before the flags (MS-RDPBCGR 2.2.1.11). */
const flagsOffset = 8

/** The message with the flag set, if it is the Client Info PDU; else the same message. */
export function withAutologon(message: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isSendDataRequest = message[0] === 0x03 && message[5] === 0xf0 && message[7] === 0x64
  if (!isSendDataRequest) return message
  const headLength = ((message[13] ?? 0) & 0x80) !== 0 ? headLengths.long : headLengths.short
  const flagsAt = headLength + flagsOffset
  if (message.length < flagsAt + 4) return message
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  // Nothing else with these security flags is sent before the session stands.
  if (view.getUint32(headLength, true) !== infoPacket) return message
  const changed = message.slice()
  new DataView(changed.buffer).setUint32(flagsAt, view.getUint32(flagsAt, true) | autologon, true)
  return changed
}
