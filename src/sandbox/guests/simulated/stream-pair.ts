import { type Duplex, duplexPair } from 'node:stream'

/**
 * Two streams that are each other's far end, as two ends of a socket: when one is destroyed, so is
 * the other (Node 20's own pair leaves it open for ever).
 */
export function createStreamPair(): [Duplex, Duplex] {
  const [one, other] = duplexPair()
  one.on('close', () => other.destroy())
  other.on('close', () => one.destroy())
  return [one, other]
}
