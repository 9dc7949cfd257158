import { withAutologon } from './client-info.ts'
/**
 * The WebSocket that IronRDP's glue is given in place of the browser's, in its module only
 * (`scripts/iron-rdp.ts`): it repairs what comes (`bitmap-update.ts` says why and until when),
 * completes what goes (`client-info.ts`), and lets a session get hold of the socket that IronRDP
 * opens and never shows. After what a server says of the clipboard (`clipboard-answer.ts`) has been
 * passed on, an event `clipboardanswer` tells it in its `detail`.
 */
import { clipboardAnswer, type ClipboardAnswer } from './clipboard-answer.ts'
import { createStreamRepair } from './stream-repair.ts'

interface Expectation {
  /** Subprotocols to offer, of which IronRDP knows nothing. */
  protocols?: string[] | undefined
  /** Called once. */
  onOpened: (socket: WebSocket) => void
}

/** By the address that is waited for. */
const expected = new Map<string, Expectation>()

/** Has a say in the socket that IronRDP opens to `url` next. */
export function expectSocket(url: string, expectation: Expectation): void {
  expected.set(url, expectation)
}

/** @public the glue's, by the build */
export class RepairingSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols ?? expected.get(String(url))?.protocols)
    const answers: ClipboardAnswer[] = []
    const repair = createStreamRepair((pdu) => {
      const answer = clipboardAnswer(pdu)
      if (answer) answers.push(answer)
    })
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
      for (const detail of answers.splice(0))
        this.dispatchEvent(new CustomEvent('clipboardanswer', { detail }))
    })
    const expectation = expected.get(String(url))
    expected.delete(String(url))
    expectation?.onOpened(this)
  }

  /** What is still to be looked at before it is sent; empty once the sign-in has gone by. */
  #queue: Promise<void> | undefined = Promise.resolve()

  /** The glue sends blobs, which can't be looked into at once; so their order is kept here. */
  override send(data: Parameters<WebSocket['send']>[0]) {
    if (!this.#queue) return super.send(data)
    this.#queue = this.#queue.then(async () => {
      const message = data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : undefined
      const changed = message && withAutologon(message)
      super.send(changed ?? data)
      if (changed !== message) this.#drain()
    })
  }

  /** Ends the queue when all that has been queued is sent. */
  #drain() {
    const queue = this.#queue
    void queue?.then(() => {
      if (this.#queue === queue) this.#queue = undefined
      else this.#drain()
    })
  }
}
