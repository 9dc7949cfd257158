import { useQuery } from '@tanstack/react-query'

import { useHost } from './host-context.tsx'

/** How long it is taken for granted that the gateway is still not there. */
const staleMs = 30_000

/** Why our gateway can't be used, in words; undefined while it can, or isn't known yet. */
export function useGatewayLack(): string | undefined {
  const { checkGateway } = useHost()
  const { error } = useQuery<boolean, Error>({
    queryKey: ['gateway'],
    queryFn: async () => {
      await checkGateway?.()
      return true
    },
    enabled: checkGateway !== undefined,
    retry: false,
    staleTime: staleMs,
  })
  return error?.message
}
