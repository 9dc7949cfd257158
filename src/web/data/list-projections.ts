/** What long lists keep of their objects, by names that can be told to a worker. */
import { projectVm, projectVmi } from '../../kube/vm-facts.ts'

export const listProjections = { projectVm, projectVmi }

export type ListProjectionName = keyof typeof listProjections
