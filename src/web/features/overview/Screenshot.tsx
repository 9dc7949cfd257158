import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, type VirtualMachineInstance } from '../../../kube/kinds.ts'
import { subresourcePath } from '../../../kube/paths.ts'
import { useAccess } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { readDataUrl } from '../../ui/data-url.ts'

/** Each picture is drawn by the node; more often would cost it more than it tells. */
const refreshMs = 10_000

/** What the guest's screen shows, without taking a console session; a click opens the console. */
export function Screenshot({ vmi, to }: { vmi: VirtualMachineInstance; to: string }) {
  const client = useKube()
  const { namespace = '', name, uid } = vmi.metadata
  const hasScreen = vmi.spec.domain.devices.autoattachGraphicsDevice !== false
  const isRunning = vmi.status?.phase === 'Running'
  const { allowed, reason } = useAccess({
    verb: 'get',
    group: 'subresources.kubevirt.io',
    resource: virtualMachineInstanceKind.plural,
    subresource: 'vnc/screenshot',
    namespace,
  })
  const { data: url, error } = useQuery({
    queryKey: ['screenshot', uid],
    queryFn: async ({ signal }) =>
      readDataUrl(
        await client.readBlob(
          subresourcePath(virtualMachineInstanceKind, { namespace, name }, 'vnc/screenshot'),
          signal,
        ),
      ),
    enabled: hasScreen && isRunning && allowed === true,
    refetchInterval: refreshMs,
    retry: false,
  })

  if (!hasScreen) return <p>It has no screen.</p>
  if (!isRunning) return <p>No picture: it isn’t running.</p>
  if (allowed === false) return <p>No picture. {reason}</p>
  return (
    <Link to={to} aria-label={`Open the console of ${name}`} className="kc-screenshot">
      {url !== undefined && <img src={url} alt={`Screen of ${name}`} />}
      {url === undefined && error && <span>No picture: {error.message}</span>}
    </Link>
  )
}
