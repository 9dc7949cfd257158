/** Tabs of one browser tell each other that the session has changed; how, each asks the gateway. */

export interface SessionNews {
  /** Somebody has signed in or out here, or the session was renewed. */
  tell(): void
  close(): void
}

/** Calls `onChange` when another tab tells so. */
export function openSessionNews(onChange: () => void = () => undefined): SessionNews {
  // Not by cluster: who signs in at a provider is signed in to all of them.
  const channel = new BroadcastChannel('kubevirt-console.session')
  channel.addEventListener('message', onChange)
  return {
    tell: () => channel.postMessage('changed'),
    close: () => channel.close(),
  }
}
