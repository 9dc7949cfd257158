/** Keeps the guest agent's data up to date while the agent's port is open. */
import type { GuestAgentData } from '../guest.ts'
import { connectAgent, type GuestAgent, readAgentData, readVolatileData } from './guest-agent.ts'

/** Soon after the start addresses and log-ins change; later virt-launcher's 10 s will do. */
const firstDelaysMs = [500, 1000, 1500, 2500, 4000]
const delayMs = 10_000
const fullEvery = 12

export interface AgentFollower {
  /** The guest opened or closed the agent's port. */
  portChanged(open: boolean): void
  /** A stopped processor answers nothing, which must not count as the agent's end. */
  setPaused(paused: boolean): void
  /** Something happened that the agent will see soon. */
  expectChange(): void
  data(): GuestAgentData | null
  /** Undefined while no agent answers. */
  client(): GuestAgent | undefined
  close(): void
}

export function followAgent(
  socketPath: string,
  onChange: (data: GuestAgentData | null) => void,
): AgentFollower {
  let agent: GuestAgent | undefined
  let data: GuestAgentData | null = null
  let open = false
  let paused = false
  let round = 0
  let timer: NodeJS.Timeout | undefined
  /** Answers of an earlier connection are of no interest. */
  let generation = 0

  function publish(next: GuestAgentData | null): void {
    if (JSON.stringify(next) === JSON.stringify(data)) return
    data = next
    onChange(data)
  }

  function schedule(milliseconds: number): void {
    clearTimeout(timer)
    if (open && !paused) timer = setTimeout(() => void poll(), milliseconds).unref()
  }

  async function poll(): Promise<void> {
    const own = generation
    try {
      const client = agent ?? (await connectAgent(socketPath))
      if (own !== generation) {
        client.close()
        return
      }
      agent = client
      const full = data === null || round % fullEvery < firstDelaysMs.length
      const next =
        data && !full
          ? { ...data, ...(await readVolatileData(client)) }
          : await readAgentData(client)
      if (own !== generation) return
      publish(next)
    } catch {
      // A pause may have come between question and answer. Otherwise the agent is gone.
      if (own !== generation) return
      agent?.close()
      agent = undefined
      if (!paused) publish(null)
    }
    schedule(firstDelaysMs[round++] ?? delayMs)
  }

  function forget(): void {
    generation++
    clearTimeout(timer)
    agent?.close()
    agent = undefined
  }

  return {
    portChanged(nowOpen) {
      if (nowOpen === open) return
      open = nowOpen
      forget()
      round = 0
      if (open) schedule(0)
      else publish(null)
    },
    setPaused(nowPaused) {
      paused = nowPaused
      forget()
      schedule(0)
    },
    expectChange() {
      round = 0
      schedule(firstDelaysMs[0] ?? delayMs)
    },
    data: () => data,
    client: () => agent,
    close() {
      open = false
      forget()
    },
  }
}
