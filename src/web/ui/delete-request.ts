/** The one VM somebody wants to delete. The dialog for it stands above the pages: its row may go away. */
import { createStandingRequest } from './standing-request.ts'

export interface DeleteRequest {
  namespace: string
  name: string
  uid: string
}

/** `ask` opens the dialog that deletes a VM. */
export const {
  ask: askToDelete,
  close: closeDeleteRequest,
  useRequest: useDeleteRequest,
} = createStandingRequest<DeleteRequest>()
