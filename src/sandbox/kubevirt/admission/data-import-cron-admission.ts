/**
 * DataImportCrons, as CDI refuses them.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/apiserver/webhooks/dataimportcron-validate.go
 */
import { isDeepStrictEqual } from 'node:util'

import type { AdmissionHook, StatusCause } from '../../api/cluster.ts'
import { cronSchedule } from '../../cdi/cron-schedule.ts'
import type { DataImportCron } from '../objects.ts'
import { denyAsCdi, duplicate, invalid } from './refusal.ts'

const validator = 'dataimportcron-validate.cdi.kubevirt.io'

export const dataImportCronAdmission: AdmissionHook = {
  validate({ operation, subresource, object, old }) {
    if (operation === 'DELETE' || subresource) return
    const { spec } = object as DataImportCron
    if (operation === 'CREATE') denyAsCdi(validator, specCauses(spec))
    else if (!isDeepStrictEqual(spec, (old as DataImportCron).spec))
      denyAsCdi(validator, [duplicate('Cannot update DataImportCron Spec', 'DataImportCron.Spec')])
  },
}

function specCauses(spec: DataImportCron['spec']): StatusCause[] {
  const registry = spec.template?.spec?.source?.['registry']
  if (!registry) return [invalid('Missing registry source', 'spec.Template')]
  const { url, imageStream } = registry as { url?: string; imageStream?: string }
  if ((url === undefined) === (imageStream === undefined))
    return [
      invalid('Source registry should have either URL or ImageStream', 'spec.source.Registry'),
    ]
  if (url !== undefined && !/^(docker|oci-archive):\/\//.test(url))
    return [invalid(`Illegal registry source URL scheme ${url}`, 'spec.source.Registry.URL')]
  // Without a schedule nothing is polled.
  if (spec.schedule && !cronSchedule(spec.schedule))
    return [invalid('Illegal cron schedule', 'spec.Schedule')]
  if (!['Never', 'Outdated'].includes(spec.garbageCollect ?? 'Outdated'))
    return [invalid('Illegal GarbageCollect value', 'spec.Schedule')]
  if (!spec.managedDataSource)
    return [invalid('Illegal ManagedDataSource value', 'spec.ManagedDataSource')]
  return []
}
