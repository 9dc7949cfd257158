const units: [seconds: number, letter: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
  [1, 's'],
]

/** A duration as kubectl shows ages, in its two largest units while the first is small: `2d5h`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const at = units.findIndex(([size]) => seconds >= size)
  const [size, letter] = units[at] ?? [1, 's']
  const count = Math.floor(seconds / size)
  const [nextSize, nextLetter] = units[at + 1] ?? [0, '']
  const rest = nextSize > 0 ? Math.floor((seconds % size) / nextSize) : 0
  return count < 10 && rest > 0 && letter !== 'm'
    ? `${count}${letter}${rest}${nextLetter}`
    : `${count}${letter}`
}
