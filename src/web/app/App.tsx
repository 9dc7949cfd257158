import { startTransition, useCallback, useEffect, useState } from 'react'
import { createBrowserRouter, RouterProvider } from 'react-router'

import { KubeError } from '../../kube/kube-error.ts'
import type { Host } from '../host/contract.ts'
import { openStandaloneHost } from '../host/standalone.ts'
import { SetDocumentTitle } from '../ui/document-title.ts'
import { ErrorState } from '../ui/PageStates.tsx'
import { ConsoleProviders, withClients } from './ConsoleProviders.tsx'
import { routes } from './routes.tsx'
import { SignInPage } from './SignInPage.tsx'
import { useTheme } from './theme.ts'

/** Made at once, so that the code of the page arrives while the session is being found. */
const router = createBrowserRouter(routes)

/** The stand-alone console: finds its session, then shows the pages. */
export function App() {
  const [host, setHost] = useState<Host>()
  const [error, setError] = useState<Error>()

  function open(secret?: string) {
    openStandaloneHost(secret).then(
      (opened) =>
        // A transition is rendered in slices, between which the browser goes on loading.
        startTransition(() => {
          setHost(opened)
          setError(undefined)
        }),
      (cause: Error) => setError(cause),
    )
  }
  useEffect(() => open(), [])

  if (host) return <Pages host={host} />
  if (error instanceof KubeError && error.code === 401)
    return <SignInPage message={error.message} onSecret={open} />
  return error ? (
    <ErrorState
      title="The console can’t be started"
      error={error}
      onRetry={() => open()}
      headingLevel="h1"
    />
  ) : null
}

function Pages({ host }: { host: Host }) {
  const [opened] = useState(() => withClients(host))
  const { cluster } = host.session
  const setTitle = useCallback(
    (title: string) => {
      // The cluster is named, so that windows of several are told apart.
      document.title = `${title} · ${cluster} · KubeVirt Console`
    },
    [cluster],
  )
  useTheme()
  return (
    <SetDocumentTitle.Provider value={setTitle}>
      <ConsoleProviders opened={opened}>
        <RouterProvider router={router} />
      </ConsoleProviders>
    </SetDocumentTitle.Provider>
  )
}
