/** Kubernetes quantities (`20Gi`, `1500m`, `1e3`), read and written. Sizes are numbers of bytes. */

/** Suffixes of k8s.io/apimachinery pkg/api/resource/suffix.go. */
const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** Bytes of a GiB. */
export const gib = 2 ** 30

/** The value of a quantity in its base unit (bytes, cores); `undefined` when it is none. */
export function parseQuantity(quantity: string | number | undefined): number | undefined {
  if (quantity === undefined) return undefined
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(quantity).trim(),
  )
  if (!match) return undefined
  const [, digits, exponent, suffix = ''] = match
  if (exponent !== undefined) return Number(`${digits}e${exponent}`)
  return Number(digits) * (factors[suffix] ?? 1)
}

/** Bytes for people, in binary units with at most two decimals: `20 GiB`, `1.5 TiB`, `512 B`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${Number(value.toFixed(2))} ${units[unit]}`
}

/** A size quantity for people, or `–` when it is missing or none. */
export function formatQuantity(quantity: string | number | undefined): string {
  const bytes = parseQuantity(quantity)
  return bytes === undefined ? '–' : formatBytes(bytes)
}

/** A number of GiB as a quantity that holds it exactly: `20Gi`, `512Mi` for 0.5. */
export function quantityFromGiB(sizeGiB: number): string {
  if (Number.isInteger(sizeGiB)) return `${sizeGiB}Gi`
  const sizeMiB = sizeGiB * 1024
  return Number.isInteger(sizeMiB) ? `${sizeMiB}Mi` : String(Math.ceil(sizeGiB * gib))
}
