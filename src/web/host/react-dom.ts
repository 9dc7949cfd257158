/**
 * What our libraries need of react-dom, which the OpenShift Console does not share; a copy of its own
 * would be 130 kB for this. It is used in the plugin only.
 */

/** TanStack Virtual asks for it. What was set is shown with React's next turn instead of at once. */
export function flushSync<T>(action: () => T): T {
  return action()
}
