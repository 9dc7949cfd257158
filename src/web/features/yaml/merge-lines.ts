/** Two people's changes of one text brought together. */
import { diffLines } from './line-diff.ts'

/** Lines `start` up to `end` of the base are replaced by `lines`. */
interface Edit {
  start: number
  end: number
  lines: string[]
}

function editsOf(base: string, changed: string): Edit[] {
  const edits: Edit[] = []
  let at = 0
  let edit: Edit | undefined
  for (const { kind, text } of diffLines(base, changed)) {
    if (kind === 'same') {
      edit = undefined
      at += 1
      continue
    }
    if (!edit) edits.push((edit = { start: at, end: at, lines: [] }))
    if (kind === 'added') edit.lines.push(text)
    else {
      at += 1
      edit.end = at
    }
  }
  return edits
}

function isSame(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.lines.join('\n') === b.lines.join('\n')
}

/** Edits that touch each other count as overlapping: what is beside a change may depend on it. */
function overlap(a: Edit, b: Edit): boolean {
  return a.start <= b.end && b.start <= a.end
}

/** The base with both changes; `undefined` where they concern the same lines. */
export function mergeLines(base: string, mine: string, theirs: string): string | undefined {
  const own = editsOf(base, mine)
  const others = editsOf(base, theirs).filter((edit) => !own.some((one) => isSame(one, edit)))
  if (own.some((one) => others.some((edit) => overlap(one, edit)))) return undefined
  const lines = base.split('\n')
  // From the end, so that places before it hold.
  for (const { start, end, lines: next } of [...own, ...others].toSorted(
    (a, b) => b.start - a.start,
  ))
    lines.splice(start, end - start, ...next)
  return lines.join('\n')
}
