import { withoutQuery } from './request-path.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** JSON lines for machines, or a readable line each for people. Neither lets text from outside act on what shows it. */
export type LogFormat = 'json' | 'text'

/**
 * Options for Fastify's pino. A log line holds
 * the method, the path and the outcome; never a query, a header or a body, which may hold secrets.
 */
export function loggerOptions(level: LogLevel, format: LogFormat) {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Whatever logs a request by itself gets no more of it than this.
    serializers: { req: describeRequest },
    stream: {
      write(line: string) {
        process.stdout.write(format === 'text' ? readableLine(line) : escapeUnprintable(line))
      },
    },
  }
}

/** The fields that describe a request in a log line. */
export function describeRequest(request: {
  method?: string | undefined
  url?: string | undefined
}) {
  return { method: request.method ?? '', path: withoutQuery(request.url ?? '') }
}

/** `12:00:01 warn GET /api/… 503 12 ms: the reason` */
export function readableLine(json: string) {
  const { time, level, msg, method, path, status, durationMs, error, err } = JSON.parse(json)
  const outcome = [method, path, status, durationMs === undefined ? undefined : `${durationMs} ms`]
  const text = [outcome.filter((part) => part !== undefined).join(' '), msg, error ?? err?.message]
  const line = `${String(time).slice(11, 19)} ${level} ${text.filter(Boolean).join(': ')}`
  return `${escapeUnprintable(line.replaceAll('\n', '\\n'))}\n`
}

/**
 * Writes what a terminal or a viewer would act upon instead of showing it as `\u001b`: controls (C1
 * too, which JSON lets stand), line separators, and what turns the direction of text. Line feeds stay.
 */
export function escapeUnprintable(text: string) {
  return text.replaceAll(unprintable, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu
