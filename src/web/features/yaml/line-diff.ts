export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** The lines that turn `before` into `after`, by their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  // The table below grows with the product of the lengths: what is the same at both ends stays out.
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < shorter - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...a.slice(0, head).map(same),
    ...diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ]
}

function diffMiddle(a: readonly string[], b: readonly string[]): DiffLine[] {
  // lengths[i][j]: common lines of the rests from a[i] and b[j].
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] as Uint32Array
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const diff: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = a[i]
    const right = b[j]
    if (left !== undefined && left === right) {
      diff.push({ kind: 'same', text: left })
      i += 1
      j += 1
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      diff.push({ kind: 'removed', text: left })
      i += 1
    } else {
      diff.push({ kind: 'added', text: right as string })
      j += 1
    }
  }
  return diff
}

/** Changed lines with `context` lines around them; `undefined` stands for lines left out. */
export function changedLines(diff: readonly DiffLine[], context = 3): (DiffLine | undefined)[] {
  const isNear = diff.map((_, index) =>
    diff
      .slice(Math.max(0, index - context), index + context + 1)
      .some((one) => one.kind !== 'same'),
  )
  return diff.flatMap((line, index) =>
    isNear[index] ? [line] : isNear[index + 1] ? [undefined] : [],
  )
}
