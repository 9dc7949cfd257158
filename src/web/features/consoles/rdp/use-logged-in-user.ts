import { useQuery } from '@tanstack/react-query'

import { virtualMachineInstanceKind } from '../../../../kube/kinds.ts'
import { subresourcePath } from '../../../../kube/paths.ts'
import { useKube } from '../../../data/host-context.tsx'

/**
 * Who is logged in, by the agent: the likeliest to connect. It is a suggestion, so that a refusal
 * (often: no agent, not permitted) leaves the field to the user without a word.
 */
export function useLoggedInUser(namespace: string, name: string): string | undefined {
  const client = useKube()
  return (
    useQuery({
      queryKey: ['guest-users', namespace, name],
      queryFn: async ({ signal }) => {
        const path = subresourcePath(virtualMachineInstanceKind, { namespace, name }, 'userlist')
        const { items } = await client.read<GuestUsers>(path, signal)
        const first = items?.[0]
        if (!first?.userName) return null
        return first.domain ? `${first.domain}\\${first.userName}` : first.userName
      },
      retry: false,
    }).data ?? undefined
  )
}

interface GuestUsers {
  items: { userName?: string; domain?: string }[] | null
}
