/** Every field of the draft, for what has to hold for all of them. */
import { bootSource, installIso, uploadedIso } from './boot-source.ts'
import { networkData, userData } from './cloud-init-volume.ts'
import { cloudConfigField } from './cloud-init.ts'
import type { Field } from './draft.ts'
import {
  ethernetAddresses,
  ethernetDhcp,
  ethernetDns,
  ethernetGateway,
  ethernetMac,
  ethernetName,
} from './network-data.ts'
import { sshPublicKey, sshSecret, sshUsers, sshWay } from './ssh-keys.ts'
import {
  affinity,
  cpuCount,
  evictionStrategy,
  firmware,
  gpus,
  hostDevices,
  hostname,
  instanceLabels,
  instancetype,
  labels,
  memoryGiB,
  nodeSelector,
  preference,
  runStrategy,
  startsPaused,
  templateSizeGiB,
  tolerations,
  vmName,
  vmNamespace,
} from './vm-fields.ts'
import { answerText, driversImage, sysprepSource, tpm } from './windows.ts'

/** Those whose value is a text. */
export const textFields: Record<string, Field<string>> = {
  vmName,
  vmNamespace,
  cpuCount,
  memoryGiB,
  hostname,
  labels,
  instanceLabels,
  nodeSelector,
  runStrategy,
  evictionStrategy,
  instancetype,
  preference,
  userData,
  networkData,
  ethernetName: ethernetName(0),
  ethernetMac: ethernetMac(0),
  ethernetAddresses: ethernetAddresses(0),
  ethernetDns: ethernetDns(0),
  ethernetGateway: ethernetGateway(0),
  sysprepSource,
  autounattend: answerText('autounattend.xml'),
  unattend: answerText('unattend.xml'),
  driversImage,
  sshSecret: sshSecret(0),
  sshPublicKey: sshPublicKey(0),
  sshUsers: sshUsers(0),
  installIso,
  uploadedIso,
  user: cloudConfigField('user'),
  password: cloudConfigField('password'),
  sshKeys: cloudConfigField('sshKeys'),
  packages: cloudConfigField('packages'),
  commands: cloudConfigField('commands'),
  size: templateSizeGiB('dv-0'),
}
/** All of them, by name. */
export const draftFields: Record<string, Field<never>> = {
  ...(textFields as unknown as Record<string, Field<never>>),
  startsPaused: startsPaused as unknown as Field<never>,
  sshWay: sshWay(0) as unknown as Field<never>,
  affinity: affinity as unknown as Field<never>,
  tolerations: tolerations as unknown as Field<never>,
  gpus: gpus as unknown as Field<never>,
  hostDevices: hostDevices as unknown as Field<never>,
  ethernetDhcp: ethernetDhcp(0) as unknown as Field<never>,
  tpm: tpm as unknown as Field<never>,
  firmware: firmware as unknown as Field<never>,
  bootSource: bootSource as unknown as Field<never>,
}
