/**
 * What the wizard edits: the manifests themselves. A field is a pair of pure functions over them, so
 * that whatever no field knows stays as it was written.
 */
import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { Disk, Interface, Network, Volume } from '../../../../kube/vm-devices.ts'
import type { TemplateStart } from './template-start.ts'

/** An object to be created, of any kind. */
export interface Manifest {
  apiVersion?: string
  kind?: string
  metadata: {
    name?: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
}

/** A VirtualMachine that isn't stored yet. */
export type VmManifest = Omit<V1VirtualMachine, 'metadata'> & Manifest

/** The VM and what is created with it, such as a Secret with its first boot. */
export interface Draft {
  vm: VmManifest
  others: readonly Manifest[]
  /** How the start was chosen, which the manifests don't always tell. */
  start?: StartWay
  /** How many are made of it, where that isn't one; each part is as it was typed. */
  many?: Many
  /** What it is made of, where that is a template. */
  template?: TemplateStart
}

/** What somebody chooses on the first step. */
export type StartWay =
  | 'image'
  | 'template'
  | 'clone'
  | 'claim'
  | 'snapshot'
  | 'upload'
  | 'url'
  | 'registry'
  | 'containerDisk'
  | 'blank'
  | 'manifest'

export interface Many {
  count: string
  /** Of their names; empty for the VM's name with a number behind. */
  pattern: string
  /** The number of the first. */
  start: string
  /** As a VirtualMachinePool, which keeps as many. */
  isPool: boolean
}

export interface Field<V> {
  get: (draft: Draft) => V
  /** The same draft where the value is the one it has. */
  set: (draft: Draft, value: V) => Draft
}

/** Equal as JSON, which is all that a manifest can hold. */
export function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

/** A field that leaves the draft alone where nothing is to change, whatever `change` would do. */
export function field<V>(
  get: (draft: Draft) => V,
  change: (draft: Draft, value: V) => Draft,
): Field<V> {
  return {
    get,
    set: (draft, value) => (isSame(get(draft), value) ? draft : change(draft, value)),
  }
}

type Tree = Record<string, unknown>

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), object)
}

/** These stay, also empty: KubeVirt's schema asks for them. */
const required = new Set(['spec', 'template', 'domain', 'devices', 'metadata'])

/** A copy with this value at the path; `undefined` takes it away, and parents that it leaves empty. */
export function withValueAt<T>(object: T, [key = '', ...rest]: readonly string[], value: unknown) {
  const copy: Tree = isTree(object) ? { ...object } : {}
  const next = rest.length === 0 ? value : withValueAt(copy[key], rest, value)
  const isEmptied =
    value === undefined && isTree(next) && Object.keys(next).length === 0 && !required.has(key)
  if (next === undefined || isEmptied) delete copy[key]
  else copy[key] = next
  return copy as T
}

/** A value of the VM as it is in the manifest. */
export function vmField<V>(...path: string[]): Field<V | undefined> {
  return field(
    ({ vm }) => valueAt(vm, path) as V | undefined,
    (draft, value) => ({ ...draft, vm: withValueAt(draft.vm, path, value) }),
  )
}

/** The parts of the template that the forms work on; missing ones are empty. */
export interface Devices {
  disks: Disk[]
  volumes: Volume[]
  interfaces: Interface[]
  networks: Network[]
  dataVolumeTemplates: DataVolumeTemplate[]
}

interface ClaimRequest {
  resources?: { requests?: { storage?: string } }
  storageClassName?: string
  accessModes?: string[]
  volumeMode?: 'Filesystem' | 'Block'
}

export interface DataVolumeTemplate {
  metadata?: { name?: string; annotations?: Record<string, string> }
  spec: {
    source?: Record<string, { url?: string; name?: string; namespace?: string } | undefined>
    sourceRef?: { kind: string; name: string; namespace?: string }
    storage?: ClaimRequest
    pvc?: ClaimRequest
  }
}

const devicePaths: Record<keyof Devices, string[]> = {
  disks: ['spec', 'template', 'spec', 'domain', 'devices', 'disks'],
  volumes: ['spec', 'template', 'spec', 'volumes'],
  interfaces: ['spec', 'template', 'spec', 'domain', 'devices', 'interfaces'],
  networks: ['spec', 'template', 'spec', 'networks'],
  dataVolumeTemplates: ['spec', 'dataVolumeTemplates'],
}

export function devicesOf({ vm }: Draft): Devices {
  const list = (key: keyof Devices) => {
    const value = valueAt(vm, devicePaths[key])
    return Array.isArray(value) ? value : []
  }
  return {
    disks: list('disks'),
    volumes: list('volumes'),
    interfaces: list('interfaces'),
    networks: list('networks'),
    dataVolumeTemplates: list('dataVolumeTemplates'),
  }
}

/** Puts lists of devices in place of those of the draft; an empty one is left out. */
export function withDevices(draft: Draft, devices: Partial<Devices>): Draft {
  return Object.entries(devices).reduce((next, [key, list]) => {
    const path = devicePaths[key as keyof Devices]
    if (isSame(valueAt(next.vm, path) ?? [], list)) return next
    return { ...next, vm: withValueAt(next.vm, path, list.length === 0 ? undefined : list) }
  }, draft)
}

/** A VM with nothing in it but what every VM has. */
export function newDraft(namespace: string | undefined): Draft {
  return {
    vm: {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: '', ...(namespace !== undefined && { namespace }) },
      spec: {
        runStrategy: 'Always',
        template: {
          spec: {
            domain: {
              cpu: { cores: 1, sockets: 1, threads: 1 },
              memory: { guest: '2Gi' },
              devices: { interfaces: [{ name: 'default', masquerade: {} }], rng: {} },
            },
            networks: [{ name: 'default', pod: {} }],
          },
        },
      },
    },
    others: [],
  }
}
