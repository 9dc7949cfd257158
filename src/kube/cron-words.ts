/** Cron schedules in words. Clusters reckon them in UTC as a rule, so that is said. */
import { Cron } from 'croner'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function clock(hour: string, minute: string): string {
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')} UTC`
}

/** `Mondays at 04:30 UTC`; schedules of another shape stay as they are. */
export function cronWords(schedule: string | undefined): string {
  if (schedule === undefined || schedule.trim() === '') return 'never: it has no schedule'
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = schedule.trim().split(/\s+/)
  const isNumber = (text: string) => /^\d+$/.test(text)
  const verbatim = `by schedule ${schedule}`
  if (!isNumber(minute) || month !== '*') return verbatim
  if (hour === '*') return day === '*' && weekday === '*' ? 'each hour' : verbatim
  const step = /^\*\/(\d+)$/.exec(hour)?.[1]
  if (step !== undefined && day === '*' && weekday === '*') return `each ${step} hours`
  if (!isNumber(hour)) return verbatim
  const time = clock(hour, minute)
  if (day === '*' && weekday === '*') return `daily at ${time}`
  if (day === '*' && isNumber(weekday)) return `${weekdays[Number(weekday) % 7]}s at ${time}`
  if (isNumber(day) && weekday === '*') return `monthly, on day ${day} at ${time}`
  return verbatim
}

/** When a schedule is due next, in UTC; undefined where it never is, or isn’t understood. */
export function nextTime(schedule: string | undefined, after: Date): Date | undefined {
  if (schedule === undefined || schedule.trim() === '') return undefined
  try {
    return new Cron(schedule.trim(), { timezone: 'UTC', paused: true }).nextRun(after) ?? undefined
  } catch {
    return undefined
  }
}
