/** What `docs/security.md` says is there. */
import { existsSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { defaultLimits } from '../src/gateway/limits/limits.ts'
import { createMetrics } from '../src/gateway/metrics/metrics.ts'

const page = readFileSync('docs/security.md', 'utf8')

/** The code words of a column in the section's table. */
function column(section: string, at: number): string[] {
  const text = page.split(/^## /m).find((one) => one.startsWith(`${section}\n`)) ?? ''
  const rows = text.split('\n').filter((line) => /^\| .*[`a-z]/.test(line))
  return rows
    .slice(1)
    .flatMap((row) =>
      [...(row.split('|')[at] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
    )
}

test('each spec that it names', () => {
  const specs = column('Threats', 3)
  expect(specs.length).toBeGreaterThan(20)
  expect(specs.filter((file) => !existsSync(file) && !existsSync(`src/gateway/${file}`))).toEqual(
    [],
  )
})

test('each metric with its labels, and no other', async () => {
  const json = await createMetrics(['a'], false).registry.getMetricsAsJSON()
  expect(column('Metrics', 1).toSorted()).toEqual(json.map(({ name }) => name).toSorted())
})

test('each limit, with its default', () => {
  const values = page.matchAll(/^\| `(\w+)` +\| (\d+) /gm)
  expect(Object.fromEntries([...values].map(([, key, value]) => [key, Number(value)]))).toEqual(
    defaultLimits,
  )
})

test('each field of the audit log, and no other', () => {
  const source = readFileSync('src/gateway/audit/audit-log.ts', 'utf8')
  const record = /export interface AuditRecord \{([^]*?)\n\}/.exec(source)?.[1] ?? ''
  const fields = [...record.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = '']) => name)
  expect(column('Audit log', 1).toSorted()).toEqual(
    [...fields, 'audit', 'time', 'replica'].toSorted(),
  )
})
