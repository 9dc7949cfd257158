/** What somebody wants to clone. The dialog for it stands above the pages. */
import { createStandingRequest } from './standing-request.ts'

export interface CloneRequest {
  namespace: string
  /** `VirtualMachine/web-1` or `VirtualMachineSnapshot/before-update`; otherwise it is chosen in the dialog. */
  source?: string
  /** Told the name of the VirtualMachineClone that was created. */
  onCreated: (clone: string) => void
}

/** `ask` opens the dialog that clones a VM or a snapshot of one. */
export const {
  ask: askToClone,
  close: closeCloneRequest,
  useRequest: useCloneRequest,
} = createStandingRequest<CloneRequest>()
