/** The log of a container. */
import { podKind } from './kinds.ts'
import { objectPath, type ObjectRef } from './paths.ts'

export interface PodLogOptions {
  container: string
  /** Of the container's run before the current one. */
  previous?: boolean
  /** Keeps the answer open and sends what is added. */
  follow?: boolean
  /** Puts the time before each line, in RFC 3339 with nine digits after the second. */
  timestamps?: boolean
  /** Only this many lines of what is there. */
  tailLines?: number
  /** Only lines since then; to the second. RFC 3339. */
  sinceTime?: string
}

/** Path of a log: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export function podLogPath(ref: ObjectRef, options: PodLogOptions): string {
  const parameters = Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]): [string, string] => [name, String(value)])
  return `${objectPath(podKind, ref)}/log?${new URLSearchParams(parameters).toString()}`
}
