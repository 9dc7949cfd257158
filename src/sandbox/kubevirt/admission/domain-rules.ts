/**
 * What remains of a VMI spec: names, machine, firmware, probes, DNS and the rarer devices.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go
 */
import { isIP } from 'node:net'

import type {
  V1Firmware,
  V1Probe,
  V1VirtualMachineInstanceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import type { Configuration } from './configuration.ts'
import { dnsLabelProblems, dnsSubdomainProblems } from './names.ts'
import { cause, invalid, notSupported, required } from './refusal.ts'
import { imagePathCauses } from './volume-rules.ts'

type Spec = V1VirtualMachineInstanceSpec

export function hostNameCauses(path: string, { hostname, subdomain }: Spec): StatusCause[] {
  const causes: StatusCause[] = []
  const labelProblems = hostname ? dnsLabelProblems(hostname) : []
  if (labelProblems.length > 0) {
    const field = `${path}.hostname`
    causes.push(
      invalid(
        `${field} does not conform to the kubernetes DNS_LABEL rules : ${labelProblems.join(', ')}`,
        field,
      ),
    )
  }
  const subdomainProblems = subdomain ? dnsSubdomainProblems(subdomain) : []
  if (subdomainProblems.length > 0) {
    const field = `${path}.subdomain`
    causes.push(
      invalid(
        `${field} does not conform to the kubernetes DNS_SUBDOMAIN rules : ${subdomainProblems.join(', ')}`,
        field,
      ),
    )
  }
  return causes
}

export function machineCauses(path: string, { domain }: Spec, { emulatedMachines }: Configuration) {
  const type = domain.machine?.type
  const isKnown = (pattern: string) =>
    pattern.endsWith('*') ? type?.startsWith(pattern.slice(0, -1)) : type === pattern
  if (!type || emulatedMachines.some(isKnown)) return []
  const field = `${path}.domain.machine.type`
  return [
    invalid(
      `${field} is not supported: ${type} (allowed values: [${emulatedMachines.join(' ')}])`,
      field,
    ),
  ]
}

export function startStrategyCauses(path: string, { startStrategy, livenessProbe }: Spec) {
  if (startStrategy === undefined) return []
  const field = `${path}.startStrategy`
  if (startStrategy !== 'Paused') {
    return [invalid(`${field} is set with an unrecognized option: ${startStrategy}`, field)]
  }
  return livenessProbe
    ? [
        invalid(
          `either ${field} or ${path}.livenessProbe should be provided.Pausing VMI with LivenessProbe is not supported`,
          field,
        ),
      ]
    : []
}

export function inputCauses(path: string, { domain }: Spec): StatusCause[] {
  return (domain.devices.inputs ?? []).flatMap(({ bus, type }, i) => {
    const at = `${path}.domain.devices.inputs[${i}]`
    const causes: StatusCause[] = []
    if (bus && bus !== 'virtio' && bus !== 'usb') {
      causes.push(invalid('Input device can have only virtio or usb bus.', `${at}.bus`))
    }
    if (type !== 'tablet') {
      causes.push(invalid('Input device can have only tablet type.', `${at}.type`))
    }
    return causes
  })
}

export function ioThreadsCauses(path: string, { domain }: Spec): StatusCause[] {
  const { ioThreadsPolicy, ioThreads } = domain
  if (ioThreadsPolicy === undefined) return []
  const causes: StatusCause[] = []
  if (!['shared', 'auto', 'supplementalPool'].includes(ioThreadsPolicy)) {
    causes.push(
      invalid(`Invalid IOThreadsPolicy (${ioThreadsPolicy})`, `${path}.domain.ioThreadsPolicy`),
    )
  }
  const isPool = ioThreadsPolicy === 'supplementalPool'
  if (isPool && (ioThreads?.supplementalPoolThreadCount ?? 0) < 1) {
    causes.push(
      invalid(
        'the number of iothreads needs to be set and positive for the dedicated policy',
        `${path}.domain.ioThreads.count`,
      ),
    )
  }
  return causes
}

/** Both probes; those that reach for an address need the pod network. */
export function probeCauses(path: string, spec: Spec): StatusCause[] {
  const probes = [
    [`${path}.readinessProbe`, spec.readinessProbe],
    [`${path}.livenessProbe`, spec.livenessProbe],
  ] as const
  const hasPodNetwork = spec.networks?.some(({ pod }) => pod) ?? false
  return [
    ...probes.flatMap(([field, probe]) => handlerCauses(field, probe)),
    ...probes.flatMap(([field, probe]) =>
      (['httpGet', 'tcpSocket'] as const).flatMap((handler) => {
        if (hasPodNetwork || !probe?.[handler]) return []
        const at = `${field}.${handler}`
        return [invalid(`${at} is only allowed if the Pod Network is attached`, at)]
      }),
    ),
  ]
}

function handlerCauses(field: string, probe: V1Probe | undefined): StatusCause[] {
  if (!probe) return []
  const { httpGet, tcpSocket, exec, guestAgentPing } = probe
  const count = [httpGet, tcpSocket, exec, guestAgentPing].filter(Boolean).length
  if (count > 1) return [invalid(`${field} must have exactly one probe type set`, field)]
  if (count === 1) return []
  return [
    required(
      `either ${field}.tcpSocket, ${field}.exec or ${field}.httpGet must be set if a ${field} is specified`,
      field,
    ),
  ]
}

/** `path` leads to the domain. */
export function firmwareCauses(path: string, { domain }: Spec): StatusCause[] {
  const { firmware, features, launchSecurity } = domain
  const causes: StatusCause[] = []
  const { efi, bios } = firmware?.bootloader ?? {}
  if (efi && bios) {
    const field = `${path}.firmware.bootloader`
    causes.push(
      invalid(`${field} has both EFI and BIOS configured, but they are mutually exclusive.`, field),
    )
  }
  causes.push(...kernelBootCauses(`${path}.firmware.kernelBoot`, firmware))
  const isSecure = efi && efi.secureBoot !== false
  const hasSmm = features?.smm && features.smm.enabled !== false
  if (isSecure && !hasSmm && !launchSecurity?.tdx) {
    causes.push(
      invalid(
        `${path} has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.`,
        path,
      ),
    )
  }
  return causes
}

function kernelBootCauses(path: string, firmware: V1Firmware | undefined): StatusCause[] {
  const { container, kernelArgs } = firmware?.kernelBoot ?? {}
  if (!container) {
    if (!kernelArgs) return []
    return [
      invalid(
        'kernel arguments cannot be provided without an external kernel',
        `${path}.kernelArgs`,
      ),
    ]
  }
  const at = `${path}.container`
  const causes: StatusCause[] = []
  if (!container.image) {
    causes.push(required(`${at} must be defined with an image`, `${at}.image`))
  }
  if (!container.initrdPath && !container.kernelPath) {
    causes.push(
      required(
        `${at} must be defined with at least one of the following: kernelPath, initrdPath`,
        at,
      ),
    )
  }
  for (const name of ['kernelPath', 'initrdPath'] as const) {
    const value = container[name]
    if (value) causes.push(...imagePathCauses(`${at}.${name}`, value))
  }
  return causes
}

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

/** Most of these fields have no path; so they are in KubeVirt. */
export function dnsCauses(path: string, { dnsPolicy, dnsConfig }: Spec): StatusCause[] {
  const causes: StatusCause[] = []
  if (dnsPolicy && !dnsPolicies.includes(dnsPolicy)) {
    causes.push(
      notSupported(
        `DNSPolicy: ${dnsPolicy} is not supported, valid values: [${dnsPolicies.join(' ')} ]`,
        `${path}.dnsPolicy`,
      ),
    )
  }
  if (dnsPolicy === 'None' && !dnsConfig) {
    return [
      ...causes,
      required('must provide `dnsConfig` when `dnsPolicy` is None', `${path}.dnsConfig`),
    ]
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {}
  if (dnsPolicy === 'None' && nameservers.length === 0) {
    return [
      ...causes,
      required('must provide at least one DNS nameserver when `dnsPolicy` is None', 'nameservers'),
    ]
  }
  if (nameservers.length > 3) {
    causes.push(
      invalid(`must not have more than 3 nameservers: [${nameservers.join(' ')}]`, 'nameservers'),
    )
  }
  for (const server of nameservers) {
    if (isIP(server) === 0)
      causes.push(invalid(`must be valid IP address: ${server}`, 'nameservers'))
  }
  if (searches.length > 6) {
    causes.push(invalid('must not have more than 6 search paths', 'searchDomains'))
  }
  if (searches.join(' ').length > 256) {
    causes.push(
      invalid(
        'must not have more than 256 characters (including spaces) in the search list',
        'searchDomains',
      ),
    )
  }
  for (const search of searches) {
    causes.push(...dnsSubdomainProblems(search).map((problem) => invalid(problem, 'searchDomains')))
  }
  if (options.some(({ name }) => !name)) {
    causes.push(invalid('Option.Name must not be empty', 'options'))
  }
  return causes
}

const evictionStrategies = ['LiveMigrate', 'LiveMigrateIfPossible', 'None', 'External']

/** Eviction, host devices, sound, encryption and what else feature gates or values forbid. */
export function deviceCauses(path: string, spec: Spec, configuration: Configuration) {
  const { devices, launchSecurity, memory, rebootPolicy } = spec.domain
  const causes: StatusCause[] = []
  const { evictionStrategy } = spec
  if (evictionStrategy !== undefined && !evictionStrategies.includes(evictionStrategy)) {
    const field = `${path}.evictionStrategy`
    causes.push(invalid(`${field} is set with an unrecognized option: ${evictionStrategy}`, field))
  }
  if (devices.hostDevices && !configuration.isEnabled('HostDevices')) {
    causes.push(
      invalid('Host Devices feature gate is not enabled in kubevirt-config', `${path}.HostDevices`),
    )
  }
  causes.push(...soundCauses(path, spec))
  if (launchSecurity) causes.push(...launchSecurityCauses(path, spec, configuration))
  if (devices.autoattachVSOCK && !configuration.isEnabled('VSOCK')) {
    causes.push(
      invalid(
        'VSOCK feature gate is not enabled in kubevirt-config',
        `${path}.domain.devices.autoattachVSOCK`,
      ),
    )
  }
  if (devices.disks?.some(({ lun }) => lun?.reservation)) {
    if (!configuration.isEnabled('PersistentReservation')) {
      causes.push(
        invalid(
          'persistent reservation is not enabled in kubevirt config',
          `${path}.domain.devices.disks.luns.reservation`,
        ),
      )
    }
  }
  if (devices.downwardMetrics && !configuration.isEnabled('DownwardMetrics')) {
    causes.push(
      invalid(
        'downwardMetrics virtio serial is not allowed: DownwardMetrics feature gate is not enabled',
        `${path}.domain.devices.downwardMetrics`,
      ),
    )
  }
  if (devices.video && devices.autoattachGraphicsDevice === false) {
    causes.push(
      invalid(
        'Video configuration is not allowed when autoattachGraphicsDevice is set to false',
        `${path}.video`,
      ),
    )
  }
  for (const [i, { model }] of (devices.panicDevices ?? []).entries()) {
    if (!model || ['hyperv', 'isa', 'pvpanic'].includes(model)) continue
    causes.push(
      invalid(
        `invalid PanicDeviceModel(${model})`,
        `${path}.domain.devices.panicDevices[${i}].model`,
      ),
    )
  }
  if (rebootPolicy !== undefined && !configuration.isEnabled('RebootPolicy')) {
    causes.push(
      invalid(
        'RebootPolicy is specified but the RebootPolicy feature gate is not enabled',
        `${path}.domain.rebootPolicy`,
      ),
    )
  }
  if (memory?.reservedOverhead && !configuration.isEnabled('ReservedOverheadMemlock')) {
    causes.push(
      invalid(
        'Reserved overhead memlock feature gate is not enabled in kubevirt-config',
        `${path}.domain.memory.reservedOverhead`,
      ),
    )
  }
  return causes
}

function soundCauses(path: string, { domain }: Spec): StatusCause[] {
  const { sound } = domain.devices
  if (!sound) return []
  const causes: StatusCause[] = []
  if (sound.model && sound.model !== 'ich9' && sound.model !== 'ac97') {
    causes.push(
      invalid("Sound device type is not supported. Options: 'ich9' or 'ac97'", `${path}.Sound`),
    )
  }
  if (!sound.name) causes.push(invalid('Sound device requires a name field.', `${path}.Sound`))
  return causes
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/amd64.go */
function launchSecurityCauses(path: string, { domain }: Spec, configuration: Configuration) {
  const { sev, snp, tdx } = domain.launchSecurity ?? {}
  const field = `${path}.launchSecurity`
  if ([sev, snp, tdx].filter(Boolean).length !== 1) {
    return [cause('FieldValueForbidden', 'One and only one launchSecurity type can be set', field)]
  }
  const gate = tdx ? 'WorkloadEncryptionTDX' : 'WorkloadEncryptionSEV'
  if (!configuration.isEnabled(gate)) {
    return [invalid(`${gate} feature gate is not enabled in kubevirt-config`, field)]
  }
  const name = tdx ? 'TDX' : snp ? 'SNP' : 'SEV'
  const efi = domain.firmware?.bootloader?.efi
  if (!efi) return [invalid(`${name} requires OVMF (UEFI)`, field)]
  if (!tdx && efi.secureBoot !== false) {
    return [invalid(`${name} does not work along with SecureBoot`, field)]
  }
  return []
}

/** For VMIs only, on amd64. */
export function architectureCauses(path: string, spec: Spec): StatusCause[] {
  const { architecture, domain } = spec
  if (!['amd64', 'arm64', 's390x'].includes(architecture ?? '')) {
    return [invalid(`unsupported architecture: ${architecture ?? ''}`, `${path}.architecture`)]
  }
  if (architecture !== 'amd64') return []
  const { watchdog, video } = domain.devices
  const causes: StatusCause[] = []
  if (watchdog && (!watchdog.i6300esb || watchdog.diag288)) {
    causes.push(
      notSupported(
        'amd64 only supports I6300ESB watchdog device',
        `${path}.domain.devices.watchdog`,
      ),
    )
  }
  if (video && !['vga', 'cirrus', 'virtio', 'ramfb', 'bochs'].includes(video.type ?? '')) {
    causes.push(
      notSupported(
        `video model '${video.type ?? ''}' is not supported on amd64 architecture`,
        `${path}.domain.devices.video.type`,
      ),
    )
  }
  return causes
}

export function serviceAccountCauses(path: string, spec: Spec): StatusCause[] {
  const { serviceAccountName } = spec as Spec & { serviceAccountName?: string }
  if (!serviceAccountName) return []
  const field = `${path}.serviceAccountName`
  const causes: StatusCause[] = []
  const problems = dnsSubdomainProblems(serviceAccountName)
  if (problems.length > 0) {
    causes.push(
      invalid(`${field} is not a valid service account name: ${problems.join('; ')}`, field),
    )
  }
  const other = spec.volumes?.find(
    ({ serviceAccount }) =>
      serviceAccount && serviceAccount.serviceAccountName !== serviceAccountName,
  )
  if (other) {
    causes.push(
      invalid(
        `spec.serviceAccountName "${serviceAccountName}" and serviceAccount volume "${other.serviceAccount?.serviceAccountName}" must reference the same service account`,
        field,
      ),
    )
  }
  return causes
}
