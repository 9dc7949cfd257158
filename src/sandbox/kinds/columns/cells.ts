/** The pieces that the columns of built-in kinds are put together from. */
import type { KubeObject } from '../../api/cluster.ts'
import { age } from '../human-duration.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import { describeField } from '../schemas.ts'

export type Cell = string | number | boolean | null

/** A column computed from the object; `description` may be a `[model, field]` pair to look up. */
export function column(
  name: string,
  type: 'string' | 'integer' | 'boolean' | 'date',
  description: string | [model: string, field: string],
  cell: (object: KubeObject, now: Date) => Cell,
  priority = 0,
): PrinterColumn {
  const text = typeof description === 'string' ? description : describeField(...description)
  return { name, type, format: '', description: text, priority, cell }
}

/** The same column, shown with `-o wide` only. */
export function wide(...definition: Parameters<typeof column>): PrinterColumn {
  return { ...column(...definition), priority: 1 }
}

export const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

export const ageColumn = column('Age', 'string', [objectMeta, 'creationTimestamp'], (object, now) =>
  age(object.metadata.creationTimestamp, now),
)

/** The value at a path of member names, or undefined. */
export function at(value: unknown, ...path: string[]): unknown {
  let current = value
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Record<string, unknown>)[name]
  }
  return current
}

/** The string at a path, empty when there is none. */
export function text(value: unknown, ...path: string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/** The number at a path, 0 when there is none. */
export function count(value: unknown, ...path: string[]): number {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : 0
}

/** The list at a path, empty when there is none. */
export function list(value: unknown, ...path: string[]): Record<string, unknown>[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** How many members the map at a path has. */
export function size(value: unknown, ...path: string[]): number {
  const found = at(value, ...path)
  return typeof found === 'object' && found !== null ? Object.keys(found).length : 0
}

/** Labels as `a=b,c=d`, sorted; `<none>` when empty. */
export function labelText(labels: unknown): string {
  if (typeof labels !== 'object' || labels === null) return '<none>'
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`)
  return pairs.sort().join(',') || '<none>'
}

/** A LabelSelector in the form that `kubectl` prints and parses. */
export function selectorText(selector: unknown): string {
  if (typeof selector !== 'object' || selector === null) return '<none>'
  const equalities = Object.entries(
    (at(selector, 'matchLabels') ?? {}) as Record<string, string>,
  ).map(([key, value]) => `${key}=${value}`)
  const expressions = list(selector, 'matchExpressions').map((expression) => {
    const key = text(expression, 'key')
    const values = ((expression['values'] ?? []) as string[]).toSorted().join(',')
    switch (expression['operator']) {
      case 'In':
        return `${key} in (${values})`
      case 'NotIn':
        return `${key} notin (${values})`
      case 'DoesNotExist':
        return `!${key}`
      default:
        return key
    }
  })
  return [...equalities, ...expressions].toSorted().join(',') || '<none>'
}

const accessModeNames: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** Access modes abbreviated and in the fixed order of kubectl. */
export function accessModesText(modes: unknown): string {
  const wanted = new Set(Array.isArray(modes) ? (modes as string[]) : [])
  return Object.entries(accessModeNames)
    .filter(([mode]) => wanted.has(mode))
    .map(([, short]) => short)
    .join(',')
}

/** Names and images of a pod template's containers: the last columns of every workload. */
export function containerColumns(): PrinterColumn[] {
  const containers = (object: KubeObject) => list(object, 'spec', 'template', 'spec', 'containers')
  return [
    wide('Containers', 'string', 'Names of each container in the template.', (object) =>
      containers(object)
        .map((container) => text(container, 'name'))
        .join(','),
    ),
    wide('Images', 'string', 'Images referenced by each container in the template.', (object) =>
      containers(object)
        .map((container) => text(container, 'image'))
        .join(','),
    ),
  ]
}
