import { lazy, Suspense } from 'react'

import { useOpenConsoles } from '../ui/open-consoles.ts'

const OpenConsolesStrip = lazy(async () => ({
  default: (await import('./OpenConsolesStrip.tsx')).OpenConsolesStrip,
}))

/** Where the open consoles are shown, at the foot of every page; nothing while there are none. */
export function OpenConsoles() {
  const consoles = useOpenConsoles()
  if (consoles.length === 0) return null
  return (
    <Suspense fallback={null}>
      <OpenConsolesStrip consoles={consoles} />
    </Suspense>
  )
}
