/** Every field of the draft, for what has to hold for all of them. */
import { bootSource, installIso, uploadedIso } from './boot-source.ts'
import { cloudConfigField, userData } from './cloud-init.ts'
import type { Field } from './draft.ts'
import {
  cpuCount,
  evictionStrategy,
  firmware,
  hostname,
  instancetype,
  labels,
  memoryGiB,
  nodeSelector,
  preference,
  runStrategy,
  startsPaused,
  templateSizeGiB,
  vmName,
  vmNamespace,
} from './vm-fields.ts'

/** Those whose value is a text. */
export const textFields: Record<string, Field<string>> = {
  vmName,
  vmNamespace,
  cpuCount,
  memoryGiB,
  hostname,
  labels,
  nodeSelector,
  runStrategy,
  evictionStrategy,
  instancetype,
  preference,
  userData,
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
  firmware: firmware as unknown as Field<never>,
  bootSource: bootSource as unknown as Field<never>,
}
