/** Which consoles stand side by side, and how: kept in the address, so that a link carries it. */
import { perCluster } from '../../../host/cluster-prefix.ts'
import { mostConsoles, sideBySidePath, type ConsoleRef } from '../../../ui/page-paths.ts'
import { readKind } from '../console-offers.ts'

export interface ConsoleLayout {
  consoles: readonly ConsoleRef[]
  /** Chosen by the user; absent: what their number asks for. */
  columns?: number
  /** `consoleId` of the one that has all the room. */
  maximised?: string
}

/** `demo/web-1/vnc`, as in the address. */
export function consoleId({ namespace, name, kind }: ConsoleRef): string {
  return `${namespace}/${name}/${kind}`
}

function readConsole(text: string): ConsoleRef | undefined {
  const [namespace, name, kindText, ...more] = text.split('/')
  const kind = readKind(kindText ?? null)
  return namespace && name && kind && more.length === 0 ? { namespace, name, kind } : undefined
}

/** What the address asks for; what it says twice or beyond nine is left out. */
export function readLayout(parameters: URLSearchParams): ConsoleLayout {
  const asked = parameters.getAll('c').flatMap((text) => readConsole(text) ?? [])
  const consoles = distinct(asked).slice(0, mostConsoles)
  const columns = Number(parameters.get('cols'))
  const maximised = parameters.get('max')
  return {
    consoles,
    ...(Number.isInteger(columns) && columns >= 1 && columns <= 4 && { columns }),
    ...(consoles.some((one) => consoleId(one) === maximised) && { maximised: maximised ?? '' }),
  }
}

/** A session can be at one place of the page only. */
function distinct(consoles: readonly ConsoleRef[]): ConsoleRef[] {
  return [...new Map(consoles.map((one) => [consoleId(one), one])).values()]
}

export function layoutPath({ consoles, columns, maximised }: ConsoleLayout): string {
  const path = sideBySidePath(consoles)
  const rest = [
    ...(columns === undefined ? [] : [`cols=${columns}`]),
    ...(maximised === undefined ? [] : [`max=${maximised}`]),
  ]
  return consoles.length === 0 || rest.length === 0 ? path : `${path}&${rest.join('&')}`
}

/** In so many columns; undefined: in as many as their number asks for. */
export function withColumns(layout: ConsoleLayout, columns: number | undefined): ConsoleLayout {
  const { columns: _, ...rest } = layout
  return columns === undefined ? rest : { ...rest, columns }
}

/** With these added at the end, as far as there is room for them. */
export function withConsoles(layout: ConsoleLayout, added: readonly ConsoleRef[]): ConsoleLayout {
  const { maximised: _, ...rest } = layout
  return { ...rest, consoles: distinct([...layout.consoles, ...added]).slice(0, mostConsoles) }
}

export function withoutConsole(layout: ConsoleLayout, id: string): ConsoleLayout {
  const { maximised, ...rest } = layout
  return {
    ...rest,
    consoles: layout.consoles.filter((one) => consoleId(one) !== id),
    ...(maximised !== undefined && maximised !== id && { maximised }),
  }
}

/** The console `id` at place `to` of the row that the others keep. */
export function withMoved(layout: ConsoleLayout, id: string, to: number): ConsoleLayout {
  const moved = layout.consoles.find((one) => consoleId(one) === id)
  if (!moved) return layout
  const others = layout.consoles.filter((one) => one !== moved)
  const place = Math.max(0, Math.min(to, others.length))
  return { ...layout, consoles: [...others.slice(0, place), moved, ...others.slice(place)] }
}

/**
 * Another console of the same machine in its place. Where that stands already, the two change
 * places.
 */
export function withKind(
  layout: ConsoleLayout,
  id: string,
  kind: ConsoleRef['kind'],
): ConsoleLayout {
  const former = layout.consoles.find((one) => consoleId(one) === id)
  if (!former) return layout
  const next = { ...former, kind }
  const nextId = consoleId(next)
  const consoles = layout.consoles.map((one) => {
    if (one === former) return next
    return consoleId(one) === nextId ? former : one
  })
  return { ...layout, consoles, ...(layout.maximised === id && { maximised: nextId }) }
}

/** As near to a square as the number allows; a screen is wider than high. */
export function columnsFor({ consoles, columns }: ConsoleLayout): number {
  return columns ?? Math.ceil(Math.sqrt(consoles.length))
}

const rememberedKey = perCluster('kubevirt-console.side-by-side')

/** For coming back in this tab of the browser; the address is what is shared. */
export function rememberLayout(layout: ConsoleLayout): void {
  try {
    sessionStorage.setItem(rememberedKey, layoutPath(layout))
  } catch {
    // Private windows may refuse; one then comes back to an empty page.
  }
}

export function rememberedLayout(): ConsoleLayout {
  try {
    const path = sessionStorage.getItem(rememberedKey) ?? ''
    return readLayout(new URLSearchParams(path.split('?')[1] ?? ''))
  } catch {
    return { consoles: [] }
  }
}
