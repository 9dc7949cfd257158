import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { createBrowserRouter, RouterProvider } from 'react-router'

import { createKubeClient } from '../../kube/client.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { HostProvider } from '../data/host-context.tsx'
import type { Host } from '../host/contract.ts'
import { openStandaloneHost } from '../host/standalone.ts'
import { ConfirmDialog } from '../ui/confirm.tsx'
import { DocumentTitleSuffix } from '../ui/document-title.ts'
import { ErrorState } from '../ui/PageStates.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { routes } from './routes.tsx'
import { SignInPage } from './SignInPage.tsx'
import { useTheme } from './theme.ts'

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The cluster's refusals don't change by asking again; interruptions do.
        retry: (count, error) => error instanceof KubeError && error.isUnreachable && count < 3,
        refetchOnWindowFocus: false,
      },
    },
  })
}

/** Made at once, so that the code of the page arrives while the session is being found. */
const router = createBrowserRouter(routes)

/** The stand-alone console: finds its session, then shows the pages. */
export function App() {
  const [host, setHost] = useState<Host>()
  const [error, setError] = useState<Error>()

  function open(secret?: string) {
    openStandaloneHost(secret).then(
      (opened) => {
        setHost(opened)
        setError(undefined)
      },
      (cause: Error) => setError(cause),
    )
  }
  useEffect(() => open(), [])

  if (host) return <Pages host={host} />
  if (error instanceof KubeError && error.code === 401)
    return <SignInPage message={error.message} onSecret={open} />
  return error ? (
    <ErrorState title="The console can’t be started" error={error} onRetry={() => open()} />
  ) : null
}

function Pages({ host }: { host: Host }) {
  const [queryClient] = useState(createQueryClient)
  const [client] = useState(() => createKubeClient(host.transport))
  useTheme()
  return (
    <QueryClientProvider client={queryClient}>
      <HostProvider host={host} client={client}>
        <DocumentTitleSuffix.Provider value={`${host.session.cluster} · KubeVirt Console`}>
          <RouterProvider router={router} />
          <Toasts />
          <ConfirmDialog />
        </DocumentTitleSuffix.Provider>
      </HostProvider>
    </QueryClientProvider>
  )
}
