/**
 * DataVolumes, as CDI refuses them: other paths and other joining of messages than KubeVirt's.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/apiserver/webhooks/datavolume-validate.go
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/apiserver/webhooks/util.go
 */
import { isDeepStrictEqual } from 'node:util'

import type {
  V1beta1DataVolumeSource,
  V1beta1DataVolumeSpec,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer'

import type {
  AdmissionHook,
  AdmissionRequest,
  Cluster,
  StatusCause,
  Store,
} from '../../api/cluster.ts'
import { parseQuantity } from '../quantity.ts'
import { denyAsCdi, duplicate, invalid } from './refusal.ts'

const validator = 'datavolume-validate.cdi.kubevirt.io'
const mutator = 'datavolume-mutate.cdi.kubevirt.io'
const accessModes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']
const longestName = 253

export function dataVolumeAdmission(cluster: Cluster): AdmissionHook {
  return {
    mutate(request) {
      if (request.operation === 'CREATE') authorizeClone(cluster, request)
    },
    validate(request) {
      if (request.operation === 'DELETE' || request.subresource) return
      const spec = request.object['spec'] as V1beta1DataVolumeSpec
      if (request.operation === 'UPDATE') validateUpdate(spec, request)
      const { name } = request.object.metadata
      if (name.length > longestName) {
        denyAsCdi(validator, [invalid(`Name cannot be longer than ${longestName} characters`, '')])
      }
      if (request.operation === 'CREATE') validateClaim(cluster.store, request)
      denyAsCdi(validator, dataVolumeCauses(spec))
    },
  }
}

/** Cloning from another namespace needs a right there; its token says that it was checked. */
function authorizeClone(cluster: Cluster, { object, namespace, user }: AdmissionRequest): void {
  const source = (object['spec'] as V1beta1DataVolumeSpec | undefined)?.source
  const origin = source?.pvc ?? source?.snapshot
  if (!origin?.namespace || origin.namespace === namespace) return
  const isAllowed = cluster.allowed(user, {
    verb: 'create',
    group: 'cdi.kubevirt.io',
    resource: 'datavolumes',
    subresource: 'source',
    namespace: origin.namespace,
    name: origin.name,
  })
  if (isAllowed) return
  denyAsCdi(mutator, [
    invalid(
      `User ${user.name} has insufficient permissions in clone source namespace ${origin.namespace}`,
      'spec.source.PVC.namespace',
    ),
  ])
}

function validateUpdate(spec: V1beta1DataVolumeSpec, { old }: AdmissionRequest): void {
  const before = old?.['spec'] as V1beta1DataVolumeSpec
  const { checkpoints, finalCheckpoint: _, ...rest } = spec
  const { checkpoints: __, finalCheckpoint: ___, ...restBefore } = before
  const isMultiStage = Boolean(checkpoints?.length && (spec.source?.vddk ?? spec.source?.imageio))
  const isSame = isMultiStage
    ? isDeepStrictEqual(rest, restBefore)
    : isDeepStrictEqual(spec, before)
  if (!isSame) denyAsCdi(validator, [duplicate('Cannot update DataVolume Spec', 'DataVolume.Spec')])
}

function validateClaim(store: Store, { object, namespace }: AdmissionRequest): void {
  const { name, annotations } = object.metadata
  const claim = store.get('/persistentvolumeclaims', namespace, name)
  if (!claim || annotations?.['cdi.kubevirt.io/allowClaimAdoption'] === 'true') return
  const owner = claim.metadata.ownerReferences?.find(({ controller }) => controller)
  if (owner?.kind === 'DataVolume') return
  denyAsCdi(validator, [
    duplicate(`Destination PVC ${namespace}/${name} already exists`, 'DataVolume.Name'),
  ])
}

/** The first thing that is wrong; CDI stops there. */
function dataVolumeCauses(spec: V1beta1DataVolumeSpec): StatusCause[] {
  const { pvc, storage, source, sourceRef } = spec
  if (!pvc && !storage) return [invalid('Missing Data volume PVC', 'spec.PVC')]
  if (pvc && storage) {
    return [
      invalid(
        'Duplicate storage definition, both target storage and target pvc defined',
        'spec.PVC.Storage',
      ),
    ]
  }
  const target = pvc ?? storage
  const problem = sizeCause(spec) ?? accessModeCause(spec)
  if (problem) return [problem]
  if (target?.dataSource || target?.dataSourceRef) return externalCauses(spec)
  if (Boolean(source) === Boolean(sourceRef)) {
    return [
      invalid(
        'Data volume should have either Source or SourceRef, or be externally populated',
        'spec.source',
      ),
    ]
  }
  if (sourceRef) return sourceRefCauses(sourceRef)
  return source ? sourceCauses(spec, source) : []
}

function sizeCause({ pvc, storage, source, sourceRef }: V1beta1DataVolumeSpec) {
  const name = pvc ? 'PVC' : 'Storage'
  const field = `spec.${name}.resources.requests.size`
  const requests = (pvc ?? storage)?.resources?.requests as Record<string, string> | undefined
  const size = requests?.['storage']
  if (size === undefined) {
    const isClone = Boolean(sourceRef ?? source?.pvc ?? source?.snapshot)
    return storage && isClone ? undefined : invalid(`${name} size is missing`, field)
  }
  const bytes = parseQuantity(size)
  if (bytes <= 0) return invalid(`${name} size can't be equal or less than zero`, field)
  return bytes < 2 ** 20 ? invalid(`${name} size should be at least 1MiB`, field) : undefined
}

function accessModeCause({ pvc, storage }: V1beta1DataVolumeSpec): StatusCause | undefined {
  const field = 'spec.PVC.accessModes'
  const modes = (pvc ?? storage)?.accessModes ?? []
  if (pvc && modes.length === 0) {
    return invalid('Required value: at least 1 access mode is required', field)
  }
  if (pvc && modes.length > 1) return invalid('PVC multiple accessModes', field)
  if (modes.every((mode) => accessModes.includes(mode))) return undefined
  return invalid(
    `Unsupported value: "${modes[0]}": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"`,
    field,
  )
}

function externalCauses({ pvc, storage, source, sourceRef }: V1beta1DataVolumeSpec) {
  const { dataSource, dataSourceRef } = pvc ?? storage ?? {}
  const causes: StatusCause[] = []
  if (source || sourceRef) {
    causes.push(
      invalid('External population is incompatible with Source and SourceRef', 'spec.source'),
    )
  }
  const references = [
    ['DataSource', 'spec.dataSource', dataSource],
    ['DataSourceRef', 'spec.dataSourceRef', dataSourceRef],
  ] as const
  for (const [word, path, reference] of references) {
    if (!reference) continue
    if (!reference.name) causes.push(invalid(`Required value: ${word} name`, `${path}.name.`))
    if (!reference.kind) causes.push(invalid(`Required value: ${word} kind`, `${path}.kind`))
    if (!reference.apiGroup && reference.kind !== 'PersistentVolumeClaim') {
      causes.push(
        invalid(
          `Required value: ${word} apiGroup when kind is not 'PersistentVolumeClaim'`,
          `${path}.apiGroup.`,
        ),
      )
    }
  }
  return causes
}

function sourceRefCauses({ kind, name }: { kind: string; name: string }): StatusCause[] {
  if (!kind) return [invalid('Missing sourceRef kind', 'spec.sourceRef.Kind')]
  if (kind !== 'DataSource') {
    return [
      invalid(
        `Unsupported sourceRef kind ${kind}, currently only DataSource is supported`,
        'spec.sourceRef.Kind',
      ),
    ]
  }
  return name ? [] : [invalid('Missing sourceRef name', 'spec.sourceRef.Name')]
}

function sourceCauses({ contentType }: V1beta1DataVolumeSpec, source: V1beta1DataVolumeSource) {
  const count = Object.keys(source).length
  if (count === 0) return [invalid('Missing Data volume source', 'spec.source')]
  if (count > 1) return [invalid('Multiple Data volume sources', 'spec.source')]
  if (contentType && contentType !== 'kubevirt' && contentType !== 'archive') {
    return [invalid('ContentType not one of: kubevirt, archive', 'spec.contentType')]
  }
  const { http, s3, gcs, blank, registry, imageio, vddk, pvc, snapshot } = source
  if (http) return urlCauses(http.url, 'HTTP')
  if (s3) return urlCauses(s3.url, 'S3')
  if (gcs) return urlCauses(gcs.url, 'GCS')
  if (blank && contentType === 'archive') {
    return [
      invalid('SourceType cannot be blank and the contentType be archive', 'spec.contentType'),
    ]
  }
  if (registry) return registryCauses(registry, contentType)
  if (imageio) {
    return imageio.secretRef && imageio.diskId
      ? urlCauses(imageio.url, 'ImageIO')
      : incomplete('Imageio', 'spec.source.Imageio')
  }
  if (vddk) {
    return vddk.secretRef && vddk.uuid && vddk.backingFile && vddk.thumbprint
      ? urlCauses(vddk.url ?? '', 'VDDK')
      : incomplete('VDDK', 'spec.source.VDDK')
  }
  if (pvc && !(pvc.namespace && pvc.name)) return incomplete('PVC', 'spec.source.PVC')
  if (snapshot && !(snapshot.namespace && snapshot.name)) {
    return incomplete('snapshot', 'spec.source.Snapshot')
  }
  return []
}

function incomplete(name: string, field: string): StatusCause[] {
  return [invalid(`${field} source ${name} is not valid`, field)]
}

function urlCauses(url: string, type: string): StatusCause[] {
  const problem = urlProblem(url)
  return problem ? [invalid(`spec.source ${problem}`, `spec.source.${type}.url`)] : []
}

function urlProblem(url: string): string | undefined {
  if (!url) return 'source URL is empty'
  if (!URL.canParse(url)) return `Invalid source URL: ${url}`
  const { protocol } = new URL(url)
  return ['http:', 'https:', 'gs:'].includes(protocol)
    ? undefined
    : `Invalid source URL scheme: ${url}`
}

function registryCauses(
  { url, imageStream, pullMethod }: NonNullable<V1beta1DataVolumeSource['registry']>,
  contentType: string | undefined,
): StatusCause[] {
  if (contentType && contentType !== 'kubevirt') {
    return [invalid('ContentType must be kubevirt when Source is Registry', 'spec.contentType')]
  }
  if ((url === undefined) === (imageStream === undefined)) {
    return [
      invalid('Source registry should have either URL or ImageStream', 'spec.source.Registry'),
    ]
  }
  if (url !== undefined && !/^(docker|oci-archive):\/\//.test(url)) {
    return [invalid(`Illegal registry source URL scheme ${url}`, 'spec.source.Registry.URL')]
  }
  const field = 'spec.source.Registry.importMethod'
  if (pullMethod !== undefined && pullMethod !== 'pod' && pullMethod !== 'node') {
    return [invalid(`ImportMethod ${pullMethod} is neither pod, node or ""`, field)]
  }
  if (imageStream === '') return [invalid('Source registry ImageStream is not valid', field)]
  if (imageStream !== undefined && pullMethod !== 'node') {
    return [
      invalid('Source registry ImageStream is supported only with node pull import method', field),
    ]
  }
  return []
}
