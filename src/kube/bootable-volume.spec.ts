import { expect, it } from 'vitest'

import { bootableVolume, type ImageSurroundings } from './bootable-volume.ts'
import type {
  DataImportCron,
  DataSource,
  DataVolume,
  KubeObject,
  PersistentVolumeClaim,
} from './kinds.ts'

function meta(name: string, labels: Record<string, string> = {}) {
  return {
    name,
    namespace: 'images',
    uid: name,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels,
  }
}

function source(
  labels: Record<string, string> = {},
  pvc: string | undefined = 'fedora-1',
): DataSource {
  return {
    metadata: meta('fedora', labels),
    spec: { source: pvc === undefined ? {} : { pvc: { name: pvc } } },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Ready' }] },
  }
}

function dataVolume(name: string, phase: string, progress = 'N/A'): DataVolume {
  return { metadata: meta(name), spec: {}, status: { phase, progress } } as unknown as DataVolume
}

const claim = (name: string) =>
  ({
    metadata: meta(name, { 'instancetype.kubevirt.io/default-preference': 'fedora' }),
    spec: { resources: { requests: { storage: '10Gi' } } },
    status: { phase: 'Bound', capacity: { storage: '10Gi' } },
  }) as unknown as PersistentVolumeClaim

function byName<T extends KubeObject>(objects: T[]): Map<string, T> {
  return new Map(objects.map((one) => [`images/${one.metadata.name}`, one]))
}

function around(parts: {
  crons?: DataImportCron[]
  dataVolumes?: DataVolume[]
  claims?: PersistentVolumeClaim[]
}): ImageSurroundings {
  return {
    dataSources: new Map(),
    crons: byName(parts.crons ?? []),
    dataVolumes: byName(parts.dataVolumes ?? []),
    claims: byName(parts.claims ?? []),
    snapshots: new Map(),
  }
}

it('doesn’t believe Ready while the image is imported', () => {
  const { status, importedAt } = bootableVolume(
    source(),
    around({
      dataVolumes: [dataVolume('fedora-1', 'ImportInProgress', '42.0%')],
      claims: [claim('fedora-1')],
    }),
  )
  expect(status).toMatchObject({ label: 'Importing', tone: 'progress' })
  expect(status.reason).toContain('42 %')
  expect(importedAt).toBeUndefined()
})

it('is ready with a filled claim, and recommends what the claim does', () => {
  const image = bootableVolume(
    source(),
    around({ dataVolumes: [dataVolume('fedora-1', 'Succeeded')], claims: [claim('fedora-1')] }),
  )
  expect(image).toMatchObject({
    status: { label: 'Ready', tone: 'success' },
    size: '10 GiB',
    instancetype: '',
    preference: 'VirtualMachineClusterPreference/fedora',
  })
})

it('says that what it names is missing, but not where nobody can see', () => {
  expect(bootableVolume(source(), around({})).status.label).toBe('Image missing')
  const unseen = { ...around({}), claims: undefined }
  expect(bootableVolume(source(), unseen).status.label).toBe('Ready')
  expect(bootableVolume(source(), { ...around({}), namespace: 'demo' }).status.label).toBe('Ready')
  expect(bootableVolume({ ...source(), spec: { source: {} } }, around({})).status.label).toBe(
    'No image',
  )
})

it('goes on being ready while a cron imports a newer one', () => {
  const cron: DataImportCron = {
    metadata: meta('fedora-cron'),
    spec: { schedule: '0 0 * * 0' },
    status: {
      currentImports: [{ DataVolumeName: 'fedora-2' }],
      lastImportTimestamp: '2026-02-01T00:00:00Z',
    },
  }
  const { status, importedAt } = bootableVolume(
    source({ 'cdi.kubevirt.io/dataImportCron': 'fedora-cron' }),
    around({
      crons: [cron],
      claims: [claim('fedora-1')],
      dataVolumes: [dataVolume('fedora-2', 'ImportInProgress', '10.0%')],
    }),
  )
  expect(status.label).toBe('Ready, updating')
  expect(status.reason).toContain('10 %')
  expect(importedAt).toBe('2026-02-01T00:00:00Z')
})

it('is outdated while a newer one is known that nobody imports', () => {
  const statusWith = (reason: string, newer: DataVolume[] = []) => {
    const cron: DataImportCron = {
      metadata: meta('fedora-cron'),
      spec: { schedule: '0 0 * * 0' },
      status: {
        currentImports: newer.map(({ metadata }) => ({ DataVolumeName: metadata.name })),
        conditions: [
          { type: 'UpToDate', status: 'False', reason, message: 'Source digest updated' },
        ],
      },
    }
    return bootableVolume(
      source({ 'cdi.kubevirt.io/dataImportCron': 'fedora-cron' }),
      around({ crons: [cron], claims: [claim('fedora-1')], dataVolumes: newer }),
    ).status
  }
  expect(statusWith('Outdated')).toMatchObject({
    label: 'Outdated',
    tone: 'warning',
    reason: 'VMs start from the image of before: Source digest updated.',
  })
  expect(statusWith('ImportProgressing').label).toBe('Ready')
  expect(statusWith('Outdated', [dataVolume('fedora-2', 'ImportInProgress')]).label).toBe(
    'Ready, updating',
  )
})
