/** Kubernetes quantities (`512Mi`, `1500m`, `2`), as far as the sandbox calculates with them. */

const FACTORS: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** The number a quantity stands for, in its base unit (bytes, cores); 0 when it is none. */
export function parseQuantity(quantity: string | number | undefined): number {
  if (typeof quantity === 'number') return quantity
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(quantity?.trim() ?? '')
  const factor = FACTORS[match?.[2] ?? ''] ?? 1
  return match ? Number(match[1]) * factor : 0
}

/** Bytes as the largest binary unit that leaves a whole number, e.g. `10Gi`. */
export function formatBytes(bytes: number): string {
  for (const unit of ['Ti', 'Gi', 'Mi', 'Ki']) {
    const size = bytes / FACTORS[unit]!
    if (Number.isInteger(size) && size > 0) return `${size}${unit}`
  }
  return String(Math.round(bytes))
}
