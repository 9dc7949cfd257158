/** What the form knows to be wrong without asking the cluster. */
import { bootSource } from './draft/boot-source.ts'
import { userData } from './draft/cloud-init-volume.ts'
import { userDataProblem } from './draft/cloud-init.ts'
import { devicesOf, type Draft } from './draft/draft.ts'
import { manyProblems } from './draft/many.ts'
import { networkDataProblems } from './draft/network-data.ts'
import { sshKeyProblems } from './draft/ssh-keys.ts'
import { isUnfilled } from './draft/template-start.ts'
import { vmName, vmNamespace } from './draft/vm-fields.ts'
import { sysprepProblems } from './draft/windows.ts'
import type { WizardField } from './wizard-fields.ts'

const nameSyntax = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

export type Problems = Partial<Record<WizardField, string[]>>

/** What is still to be told before the cluster can be asked. */
export function missing(draft: Draft): Problems {
  const noNamespace = vmNamespace.get(draft) === '' && { namespace: ['Choose a namespace.'] }
  if (isUnfilled(draft)) return { ...noNamespace, source: ['Fill in the template.'] }
  const hasSource =
    draft.template !== undefined ||
    bootSource.get(draft).kind !== 'none' ||
    // From the network, as a manifest can say.
    devicesOf(draft).interfaces.some(({ bootOrder }) => bootOrder !== undefined)
  return {
    ...(vmName.get(draft) === '' && { name: ['Give the VM a name.'] }),
    ...noNamespace,
    ...(!hasSource && { source: ['Choose what to start from.'] }),
  }
}

/** What is wrong with what was told. */
export function mistakes(draft: Draft): Problems {
  const name = vmName.get(draft)
  const many = manyProblems(draft)
  const problem = userDataProblem(userData.get(draft))
  const keys = sshKeyProblems(draft)
  const network = networkDataProblems(draft)
  const sysprep = sysprepProblems(draft)
  return {
    ...(name !== '' &&
      !nameSyntax.test(name) && {
        name: ['Lower-case letters, digits, dashes and dots; a letter or digit at both ends.'],
      }),
    ...(problem !== undefined && { userData: [problem] }),
    ...(network.length > 0 && { networkData: network }),
    ...(sysprep.length > 0 && { sysprep }),
    ...(keys.length > 0 && { sshKeys: keys }),
    ...(many.length > 0 && { count: many }),
  }
}
