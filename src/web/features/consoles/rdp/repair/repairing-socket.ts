/**
 * The WebSocket that IronRDP's glue is given in place of the browser's, in its module only
 * (`scripts/iron-rdp.ts`): it repairs what comes (`bitmap-update.ts` says why and until when),
 * completes what goes (`client-info.ts`), and lets a session get hold of the socket that IronRDP
 * opens and never shows.
 */
import { withAutologon } from './client-info.ts'
import { createStreamRepair } from './stream-repair.ts'

type Opened = (socket: WebSocket) => void

/** By the address that is waited for. */
const expected = new Map<string, Opened>()

/** Called once, with the socket that IronRDP opens to `url` next. */
export function expectSocket(url: string, callback: Opened): void {
  expected.set(url, callback)
}

/** @public the glue's, by the build */
export class RepairingSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols)
    const repair = createStreamRepair()
    const passed = new WeakSet<Event>()
    // The first listener of all, so that no other sees what it holds back.
    this.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (passed.has(event) || !(event.data instanceof ArrayBuffer)) return
      event.stopImmediatePropagation()
      const { buffer } = repair.push(new Uint8Array(event.data))
      if (buffer.byteLength === 0) return
      const replacement = new MessageEvent('message', { data: buffer })
      passed.add(replacement)
      this.dispatchEvent(replacement)
    })
    const onOpened = expected.get(String(url))
    expected.delete(String(url))
    onOpened?.(this)
  }

  override send(data: Parameters<WebSocket['send']>[0]) {
    if (!(data instanceof ArrayBuffer || data instanceof Uint8Array)) return super.send(data)
    // The WASM's memory is not shared, so what comes from it is not either.
    super.send(withAutologon(new Uint8Array(data)) as Uint8Array<ArrayBuffer>)
  }
}
