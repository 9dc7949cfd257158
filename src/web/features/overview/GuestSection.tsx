import type {
  V1VirtualMachineInstanceFileSystem,
  V1VirtualMachineInstanceGuestAgentInfo,
  V1VirtualMachineInstanceGuestOSUser,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'
import { Button, DescriptionList } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { virtualMachineInstanceKind, type VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { subresourcePath } from '../../../kube/paths.ts'
import { formatBytes } from '../../../kube/quantity.ts'
import { isTrue } from '../../../kube/vm-facts.ts'
import { useAccess } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { Age } from '../../ui/Age.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { Fact } from '../../ui/Section.tsx'

/** KubeVirt itself asks the agent for file systems every 5 minutes, for users every 10 s. */
const staleMs = 5 * 60_000

interface Answer<T> {
  data?: T
  /** Why there is none, in words. */
  problem?: string
  isLoading: boolean
  askAgain: () => void
}

/** What the guest's agent says, asked once and again on request. */
function useGuestRead<T>(
  vmi: VirtualMachineInstance,
  what: 'guestosinfo' | 'userlist' | 'filesystemlist',
): Answer<T> {
  const client = useKube()
  const { namespace = '', name, uid } = vmi.metadata
  const { allowed, reason } = useAccess({
    verb: 'get',
    group: 'subresources.kubevirt.io',
    resource: virtualMachineInstanceKind.plural,
    subresource: what,
    namespace,
  })
  const { data, error, isFetching, refetch } = useQuery<T, KubeError>({
    queryKey: ['guest', uid, what],
    queryFn: ({ signal }) =>
      client.read<T>(
        subresourcePath(virtualMachineInstanceKind, { namespace, name }, what),
        signal,
      ),
    enabled: allowed !== false,
    staleTime: staleMs,
    retry: false,
  })
  const problem = allowed === false ? (reason ?? 'You may not ask.') : error?.message
  return {
    ...(data !== undefined && { data }),
    ...(problem !== undefined && { problem }),
    isLoading: isFetching && data === undefined,
    askAgain: () => void refetch(),
  }
}

interface GuestList<T> {
  items?: T[] | null
}

/** What runs inside: the host's name, who is logged in, and how full the file systems are. */
export function GuestSection({ vmi }: { vmi: VirtualMachineInstance }) {
  if (vmi.status?.phase !== 'Running') return <p>Unknown: it isn’t running.</p>
  if (!isTrue(vmi, 'AgentConnected'))
    return (
      <p>
        Unknown: no guest agent is connected. Install qemu-guest-agent in the guest to see its users
        and file systems here.
      </p>
    )
  return <GuestFacts vmi={vmi} />
}

function GuestFacts({ vmi }: { vmi: VirtualMachineInstance }) {
  const info = useGuestRead<V1VirtualMachineInstanceGuestAgentInfo>(vmi, 'guestosinfo')
  const users = useGuestRead<GuestList<V1VirtualMachineInstanceGuestOSUser>>(vmi, 'userlist')
  const files = useGuestRead<GuestList<V1VirtualMachineInstanceFileSystem>>(vmi, 'filesystemlist')
  return (
    <>
      <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '12ch' }}>
        <Fact term="Host name">
          <Answered answer={info}>{info.data?.hostname || '–'}</Answered>
        </Fact>
        <Fact term="Time zone">
          <Answered answer={info}>{info.data?.timezone || '–'}</Answered>
        </Fact>
        <Fact term="Agent version">
          <Answered answer={info}>{info.data?.guestAgentVersion || '–'}</Answered>
        </Fact>
        <Fact term="Logged in">
          <Answered answer={users}>
            <Users users={users.data?.items ?? []} />
          </Answered>
        </Fact>
        <Fact term="File systems">
          <Answered answer={files}>
            <FileSystems items={files.data?.items ?? []} />
          </Answered>
        </Fact>
      </DescriptionList>
      <p className="kc-section-more">
        <Button
          variant="link"
          isInline
          onClick={() => {
            for (const { askAgain } of [info, users, files]) askAgain()
          }}
        >
          Ask the guest again
        </Button>
      </p>
    </>
  )
}

function Answered({ answer, children }: { answer: Answer<unknown>; children: ReactNode }) {
  if (answer.data !== undefined) return children
  if (answer.isLoading) return <LoadingLines label="Asking the guest" count={1} />
  return <span className="kc-muted">{answer.problem ?? '–'}</span>
}

function Users({ users }: { users: readonly V1VirtualMachineInstanceGuestOSUser[] }) {
  if (users.length === 0) return 'Nobody'
  return users.map(({ userName, domain, loginTime }, index) => (
    <div key={`${userName} ${index}`}>
      {domain ? `${domain}\\` : ''}
      {userName}
      {loginTime !== undefined && (
        <span className="kc-muted">
          {' '}
          for <Age time={new Date(loginTime * 1000).toISOString()} />
        </span>
      )}
    </div>
  ))
}

function FileSystems({ items }: { items: readonly V1VirtualMachineInstanceFileSystem[] }) {
  if (items.length === 0) return 'None reported'
  return items.map(({ mountPoint, fileSystemType, usedBytes, totalBytes }) => (
    <div key={mountPoint}>
      {mountPoint}{' '}
      <span className="kc-muted">
        {fileSystemType}
        {totalBytes > 0 &&
          `, ${formatBytes(usedBytes)} of ${formatBytes(totalBytes)} used (${Math.round((usedBytes / totalBytes) * 100)} %)`}
      </span>
    </div>
  ))
}
