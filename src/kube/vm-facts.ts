/**
 * The little of a VM and its VMI that lists and the state table read. The full objects fit these
 * types; the projections keep a list of many thousands small.
 */
import type { ObjectMeta, VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { osAnnotation, osLabel, vmiMatcherAnnotations, type CpuTopology } from './machine-facts.ts'

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

type FactsMeta = Pick<
  ObjectMeta,
  | 'name'
  | 'namespace'
  | 'uid'
  | 'creationTimestamp'
  | 'deletionTimestamp'
  | 'ownerReferences'
  | 'labels'
  | 'annotations'
>

/** Written as text by the API server, whatever the type declarations allow. */
type Quantity = string | number
type Resources = Record<string, Quantity>

/** What decides how many processors and how much memory a guest has. */
interface DomainSize {
  cpu?: CpuTopology
  memory?: { guest?: Quantity }
  resources?: { requests?: Resources; limits?: Resources }
}

export interface VmFacts {
  metadata: FactsMeta
  spec: {
    runStrategy?: string
    running?: boolean
    instancetype?: { name?: string }
    preference?: { name?: string }
    template?: {
      metadata?: Pick<ObjectMeta, 'labels' | 'annotations'>
      spec?: { domain: DomainSize }
    }
  }
  status?: {
    printableStatus?: string
    conditions?: Condition[]
    startFailure?: { consecutiveFailCount?: number; retryAfterTimestamp?: string }
    stateChangeRequests?: { action: string }[]
    snapshotInProgress?: string
  }
}

export interface VmiFacts {
  metadata: FactsMeta
  spec: {
    domain: DomainSize & { features?: { acpi?: { enabled?: boolean } } }
    livenessProbe?: { guestAgentPing?: unknown }
    terminationGracePeriodSeconds?: number
  }
  status?: {
    phase?: string
    nodeName?: string
    reason?: string
    conditions?: Condition[]
    interfaces?: { ipAddress?: string; ipAddresses?: string[] }[]
    guestOSInfo?: { id?: string; prettyName?: string }
    currentCPUTopology?: CpuTopology
    memory?: { guestCurrent?: Quantity }
    migrationState?: {
      completed?: boolean
      failed?: boolean
      targetNode?: string
      startTimestamp?: string
    }
  }
}

/** Conditions that never change what a list shows would only take memory. */
const unread = new Set([
  'LiveMigratable',
  'StorageLiveMigratable',
  'DataVolumesReady',
  'AccessCredentialsSynchronized',
  'EvictionRequested',
])

const equals = new Map<string, unknown>()
const mostEquals = 20_000

/** The same object for equal ones: thousands of machines are alike in much. Not to be changed. */
function shared<T>(value: T): T {
  const text = JSON.stringify(value)
  const known = equals.get(text)
  if (known !== undefined) return known as T
  if (equals.size >= mostEquals) equals.clear()
  equals.set(text, value)
  return value
}

function keepConditions(conditions: Condition[] | undefined): Condition[] {
  return shared(
    (conditions ?? [])
      .filter((condition) => !unread.has(condition.type))
      .map(({ type, status, reason, message }) => ({
        type,
        status,
        ...(reason !== undefined && reason !== '' && { reason }),
        ...(message !== undefined && message !== '' && { message }),
      })),
  )
}

/** Of the annotations, only those that say what the machine is. */
const readAnnotations = [
  osAnnotation,
  ...vmiMatcherAnnotations.instancetype,
  ...vmiMatcherAnnotations.preference,
]

function keepKeys(
  values: Record<string, string> | undefined,
  keys: readonly string[],
): Record<string, string> | undefined {
  const kept = keys.filter((key) => values?.[key])
  return kept.length === 0
    ? undefined
    : Object.fromEntries(kept.map((key) => [key, values?.[key] ?? '']))
}

function keepMeta(meta: ObjectMeta): FactsMeta {
  const annotations = keepKeys(meta.annotations, readAnnotations)
  return {
    name: meta.name,
    uid: meta.uid,
    creationTimestamp: meta.creationTimestamp,
    ...(meta.namespace !== undefined && { namespace: meta.namespace }),
    ...(meta.deletionTimestamp !== undefined && { deletionTimestamp: meta.deletionTimestamp }),
    ...(meta.ownerReferences && { ownerReferences: meta.ownerReferences }),
    ...(meta.labels && { labels: meta.labels }),
    ...(annotations && { annotations: shared(annotations) }),
  }
}

/** Copies the named fields that are there. */
function keep<T extends object, K extends keyof T>(source: T, ...fields: K[]): Pick<T, K> {
  const kept: Partial<T> = {}
  for (const field of fields) if (source[field] !== undefined) kept[field] = source[field]
  return kept as Pick<T, K>
}

function keepSize(domain: DomainSize): DomainSize {
  return {
    ...(domain.cpu && { cpu: keep(domain.cpu, 'sockets', 'cores', 'threads') }),
    ...(domain.memory && { memory: keep(domain.memory, 'guest') }),
    ...(domain.resources && { resources: keep(domain.resources, 'requests', 'limits') }),
  }
}

function keepTemplate(
  template: VirtualMachine['spec']['template'],
): NonNullable<VmFacts['spec']['template']> {
  const labels = keepKeys(template.metadata?.labels, [osLabel])
  const annotations = keepKeys(template.metadata?.annotations, [osAnnotation])
  return shared({
    metadata: {
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    ...(template.spec && { spec: { domain: keepSize(template.spec.domain) } }),
  })
}

/** What lists keep of a VM; equal parts of several are one object. */
export function projectVm(vm: VirtualMachine): VmFacts {
  const { status } = vm
  return {
    metadata: keepMeta(vm.metadata),
    spec: {
      ...keep(vm.spec, 'runStrategy', 'running', 'instancetype', 'preference'),
      template: keepTemplate(vm.spec.template),
    },
    ...(status && {
      status: {
        ...keep(
          status,
          'printableStatus',
          'startFailure',
          'stateChangeRequests',
          'snapshotInProgress',
        ),
        conditions: keepConditions(status.conditions),
      },
    }),
  }
}

/** What lists keep of a VMI; equal parts of several are one object. */
export function projectVmi(vmi: VirtualMachineInstance): VmiFacts {
  const { spec, status } = vmi
  const acpi = spec.domain.features?.acpi
  return {
    metadata: keepMeta(vmi.metadata),
    spec: shared({
      domain: {
        ...keepSize(spec.domain),
        ...(acpi?.enabled !== undefined && { features: { acpi: { enabled: acpi.enabled } } }),
      },
      ...(spec.livenessProbe && { livenessProbe: keep(spec.livenessProbe, 'guestAgentPing') }),
      ...keep(spec, 'terminationGracePeriodSeconds'),
    }),
    ...(status && {
      status: {
        ...keep(status, 'phase', 'nodeName', 'reason'),
        conditions: keepConditions(status.conditions),
        interfaces: (status.interfaces ?? []).map((nic) => keep(nic, 'ipAddress', 'ipAddresses')),
        ...(status.guestOSInfo && {
          guestOSInfo: shared(keep(status.guestOSInfo, 'id', 'prettyName')),
        }),
        ...(status.currentCPUTopology && {
          currentCPUTopology: shared(
            keep(status.currentCPUTopology, 'sockets', 'cores', 'threads'),
          ),
        }),
        ...(status.memory && { memory: shared(keep(status.memory, 'guestCurrent')) }),
        ...(status.migrationState && {
          migrationState: keep(
            status.migrationState,
            'completed',
            'failed',
            'targetNode',
            'startTimestamp',
          ),
        }),
      },
    }),
  }
}

/** The condition of a type that an object has; there is at most one. */
export function condition<C extends { type: string }>(
  object: { status?: { conditions?: C[] } } | undefined,
  type: string,
): C | undefined {
  return object?.status?.conditions?.find((one) => one.type === type)
}

/** KubeVirt adds and removes several conditions: absent means false. */
export function isTrue(
  object: { status?: { conditions?: Condition[] } } | undefined,
  type: string,
): boolean {
  return condition(object, type)?.status === 'True'
}

/** A VMI that has ended and stays only to be looked at. */
export function isFinal(vmi: VmiFacts): boolean {
  return vmi.status?.phase === 'Succeeded' || vmi.status?.phase === 'Failed'
}

/** The VirtualMachine that controls the VMI; a VMI without one is standalone. */
export function owningVmName(vmi: Pick<VmiFacts, 'metadata'>): string | undefined {
  return vmi.metadata.ownerReferences?.find(
    (owner) => owner.controller && owner.kind === 'VirtualMachine',
  )?.name
}

/** `spec.running` is the deprecated spelling of Always and Halted. */
export function runStrategy(vm: Pick<VmFacts, 'spec'>): string {
  return vm.spec.runStrategy ?? (vm.spec.running ? 'Always' : 'Halted')
}
