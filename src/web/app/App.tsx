import { lazy, startTransition, Suspense, useCallback, useEffect, useState } from 'react'
import { createBrowserRouter, RouterProvider } from 'react-router'

import { KubeError } from '../../kube/kube-error.ts'
import { clusterPrefix } from '../host/cluster-prefix.ts'
import type { Host } from '../host/contract.ts'
import { signedInPath } from '../host/session-api.ts'
import { findStandaloneHost, openStandaloneHost } from '../host/standalone.ts'
import { SetDocumentTitle } from '../ui/document-title.ts'
import { ErrorState } from '../ui/PageStates.tsx'
import { ConsoleProviders } from './ConsoleProviders.tsx'
import { withClients } from './open-host.tsx'
import { routes } from './routes.tsx'
import { SessionHost } from './sign-in/SessionHost.tsx'
import { useTheme } from './theme.ts'

const SignInPage = lazy(async () => ({
  default: (await import('./sign-in/SignInPage.tsx')).SignInPage,
}))
const SignedInPage = lazy(async () => ({
  default: (await import('./sign-in/SignedInPage.tsx')).SignedInPage,
}))

/** Made at once, so that the code of the page arrives while the session is being found. */
const router = createBrowserRouter(routes, { basename: clusterPrefix || '/' })

/** The stand-alone console: finds its session, then shows the pages. */
export function App() {
  return location.pathname === clusterPrefix + signedInPath ? (
    <Suspense fallback={null}>
      <SignedInPage />
    </Suspense>
  ) : (
    <SignedInApp />
  )
}

function SignedInApp() {
  const [host, setHost] = useState<Host>()
  const [error, setError] = useState<Error>()
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    let isCurrent = true
    findStandaloneHost().then(
      (found) => {
        if (isCurrent) enter(found)
        else found.keeper?.dispose()
      },
      (cause: Error) => isCurrent && setError(cause),
    )
    return () => {
      isCurrent = false
    }
  }, [attempt])

  function enter(next: Host) {
    // A transition is rendered in slices, between which the browser goes on loading.
    startTransition(() => {
      setHost(next)
      setError(undefined)
    })
  }

  if (host) return <Pages host={host} />
  if (error instanceof KubeError && error.code === 401)
    return (
      <Suspense fallback={null}>
        <SignInPage error={error} onSignedIn={(session) => enter(openStandaloneHost(session))} />
      </Suspense>
    )
  return error ? (
    <ErrorState
      title="The console can’t be started"
      error={error}
      onRetry={() => {
        setError(undefined)
        setAttempt((count) => count + 1)
      }}
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
        <SessionHost />
      </ConsoleProviders>
    </SetDocumentTitle.Provider>
  )
}
