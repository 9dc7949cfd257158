/** When a cron expression is due, in UTC as CDI's pods have it: five fields, `*`, numbers, ranges, steps. */

/** Smallest and largest of minute, hour, day, month and weekday (0 and 7 are Sunday). */
const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const

/** Tells whether it is due at a minute; undefined when the expression is none. */
export function cronSchedule(expression: string): ((at: Date) => boolean) | undefined {
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== ranges.length) return undefined
  const allowed = fields.map((field, index) => numbersOf(field, ranges[index]!))
  if (allowed.some((numbers) => numbers === undefined)) return undefined
  const [minutes, hours, days, months, weekdays] = allowed as Set<number>[]
  const isAnyDay = fields[2] === '*'
  const isAnyWeekday = fields[4] === '*'
  return (at) => {
    const weekday = at.getUTCDay()
    const onDay = days!.has(at.getUTCDate())
    const onWeekday = weekdays!.has(weekday) || (weekday === 0 && weekdays!.has(7))
    // Two restricted fields are alternatives (crontab(5)).
    const isDay = isAnyDay || isAnyWeekday ? onDay && onWeekday : onDay || onWeekday
    return (
      minutes!.has(at.getUTCMinutes()) &&
      hours!.has(at.getUTCHours()) &&
      months!.has(at.getUTCMonth() + 1) &&
      isDay
    )
  }
}

function numbersOf(field: string, [least, most]: readonly [number, number]) {
  const numbers = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (!match) return undefined
    const [, from, to, step] = match
    const first = from === undefined ? least : Number(from)
    const last = to !== undefined ? Number(to) : from === undefined || step ? most : first
    if (first < least || last > most || first > last || step === '0') return undefined
    for (let number = first; number <= last; number += Number(step ?? 1)) numbers.add(number)
  }
  return numbers
}
