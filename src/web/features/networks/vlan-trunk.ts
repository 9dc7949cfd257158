/** VLANs that a bridge lets through tagged, as `100, 200-210` and as the plugin has them. */

/**
 * https://github.com/containernetworking/plugins/blob/v1.7.1/plugins/main/bridge/bridge.go
 */
interface TrunkItem {
  id?: number
  minID?: number
  maxID?: number
}

function isVlan(id: number): boolean {
  return id >= 1 && id <= 4094
}

/** Undefined where the text isn't a list of VLANs and ranges. */
export function parseTrunk(text: string): TrunkItem[] | undefined {
  const items: TrunkItem[] = []
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue
    const [, first, last] = /^(\d{1,4})(?:\s*-\s*(\d{1,4}))?$/.exec(part) ?? []
    const min = Number(first)
    const max = last === undefined ? min : Number(last)
    if (first === undefined || !isVlan(min) || !isVlan(max) || max < min) return undefined
    items.push(last === undefined ? { id: min } : { minID: min, maxID: max })
  }
  return items
}

export function formatTrunk(items: readonly unknown[]): string {
  return (items as TrunkItem[])
    .map(({ id, minID, maxID }) => (id === undefined ? `${minID}-${maxID}` : String(id)))
    .join(', ')
}
