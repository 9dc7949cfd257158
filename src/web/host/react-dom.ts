/**
 * What our libraries need of react-dom, which the OpenShift Console does not share; a copy of its own
 * would be 130 kB for this. It is used in the plugin only.
 */

import type { ReactNode, ReactPortal } from 'react'

/** TanStack Virtual asks for it. What was set is shown with React's next turn instead of at once. */
export function flushSync<T>(action: () => T): T {
  return action()
}

/**
 * Shows `children` in another element of the page. A portal is no more than this description, the
 * same from React 17 to 19; React itself does the rest
 * (https://github.com/facebook/react/blob/v18.3.1/packages/react-reconciler/src/ReactPortal.js).
 */
export function createPortal(children: ReactNode, container: Element): ReactPortal {
  const portal = {
    $$typeof: Symbol.for('react.portal'),
    key: null,
    children,
    containerInfo: container,
    implementation: null,
  }
  return portal as unknown as ReactPortal
}
