import { Link } from 'react-router'

import { useDocumentTitle } from '../ui/document-title.ts'
import { MissingState } from '../ui/PageStates.tsx'

export function NotFoundPage() {
  useDocumentTitle('Page not found')
  return (
    <MissingState title="Page not found">
      There is no page at this address. <Link to="/">VirtualMachines</Link>
    </MissingState>
  )
}
