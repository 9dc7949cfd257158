/** Conditions keep their transition time while their status stays the same. */
import type { Condition } from './objects.ts'

/** The time format of Kubernetes: RFC 3339, whole seconds, UTC. */
export function timestamp(date: Date = new Date()): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

export function hasCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
  status: Condition['status'] = 'True',
): boolean {
  return findCondition(conditions, type)?.status === status
}

/** `conditions` with `condition` set; the same array when nothing would change. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
): Condition[] {
  const before = findCondition(conditions, condition.type)
  if (
    before &&
    before.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message
  ) {
    return conditions as Condition[]
  }
  const next: Condition = {
    lastProbeTime: null,
    ...condition,
    lastTransitionTime:
      condition.lastTransitionTime ??
      (before?.status === condition.status ? before.lastTransitionTime : undefined) ??
      timestamp(),
  }
  return before
    ? conditions!.map((other) => (other === before ? next : other))
    : [...(conditions ?? []), next]
}

export function withoutCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type)
}
