/** What long lists keep of their objects, by names that can be told to a worker. */
import { projectVmClaims, projectVmiClaims } from '../../kube/claim-use.ts'
import { projectVmiMacs, projectVmMacs } from '../../kube/mac-use.ts'
import { projectVmiNics, projectVmNics } from '../../kube/machine-nics.ts'
import { projectVm, projectVmi } from '../../kube/vm-facts.ts'
import { projectVmReferences } from '../../kube/vm-references.ts'

export const listProjections = {
  projectVm,
  projectVmi,
  projectVmClaims,
  projectVmiClaims,
  projectVmNics,
  projectVmiNics,
  projectVmMacs,
  projectVmiMacs,
  projectVmReferences,
}

export type ListProjectionName = keyof typeof listProjections
