/** Connection files for Remote Desktop clients. */

export interface RdpFileOptions {
  /** `127.0.0.1:33389`, or an address of the guest. IPv6 goes in brackets when a port follows. */
  address: string
  /** `user` or `DOMAIN\user`; the client asks for it when absent, and for the password always. */
  username?: string
}

/**
 * The text of an .rdp file. Settings as of
 * https://learn.microsoft.com/windows-server/remote/remote-desktop-services/clients/rdp-files
 */
export function rdpFileText({ address, username }: RdpFileOptions): string {
  const lines = [
    `full address:s:${oneLine(address)}`,
    ...(username === undefined ? [] : [`username:s:${oneLine(username)}`]),
    'prompt for credentials:i:1',
    // Guests have self-signed certificates: warn and let the user decide.
    'authentication level:i:2',
    'enablecredsspsupport:i:1',
    'screen mode id:i:1',
    'dynamic resolution:i:1',
    'redirectclipboard:i:1',
    // Nothing of the user's computer is handed to the guest unasked.
    'redirectprinters:i:0',
    'redirectsmartcards:i:0',
    'drivestoredirect:s:',
    'autoreconnection enabled:i:1',
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

/** A line break in a name from the guest would be a setting of its own. */
function oneLine(value: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it removes
  return value.replaceAll(/[\u0000-\u001f\u007f]/g, '')
}

/**
 * The bytes of the file. Every client reads ASCII; other characters need UTF-16LE with a byte
 * order mark, the encoding mstsc itself writes and FreeRDP recognises by its mark.
 */
export function rdpFileBytes(options: RdpFileOptions): Uint8Array<ArrayBuffer> {
  const text = rdpFileText(options)
  // oxlint-disable-next-line no-control-regex -- the range is ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return new TextEncoder().encode(text)
  const bytes = new DataView(new ArrayBuffer(2 + text.length * 2))
  bytes.setUint16(0, 0xfeff, true)
  for (let index = 0; index < text.length; index += 1)
    bytes.setUint16(2 + index * 2, text.charCodeAt(index), true)
  return new Uint8Array(bytes.buffer)
}

/** `host:port`, with IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
