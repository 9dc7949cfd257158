/**
 * Who acts in the OpenShift Console: the signed-in user or whom they impersonate, as the console's
 * Redux store tells it. `consoleFetch` adds the headers itself; what else leaves the page needs them
 * from here.
 */

/** Of redux-types.ts: https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/app/redux-types.ts */
export interface ConsoleState {
  sdkCore: {
    user?: { username?: string }
    impersonate?: Impersonation
  }
}

interface Impersonation {
  kind: string
  name: string
  groups?: string[]
  /** What a WebSocket offers in the place of headers, which the console's server turns into them. */
  subprotocols?: string[]
}

export interface ActingUser {
  /** Differs between any two users; the signed-in one's is known before their name. */
  key: string
  /** Empty while the console doesn't know it. */
  name: string
  /** For requests that aren't made by `consoleFetch`. */
  headers: Record<string, string>
  /** For WebSockets: offered before any other, since the console's server answers with the last. */
  protocols: string[]
}

export function actingUser({ sdkCore }: ConsoleState): ActingUser {
  const { user, impersonate } = sdkCore
  if (!impersonate) return { key: '', name: user?.username ?? '', headers: {}, protocols: [] }
  const { kind, name, groups = [], subprotocols = [] } = impersonate
  return {
    key: JSON.stringify([kind, name, groups]),
    name,
    headers: impersonationHeaders(kind, name, groups),
    protocols: subprotocols,
  }
}

/**
 * As in console-fetch-utils.ts. Several groups go in one header of the console's own, which its server
 * takes apart: `fetch` would join them with commas.
 */
function impersonationHeaders(
  kind: string,
  name: string,
  groups: string[],
): Record<string, string> {
  const user = { 'Impersonate-User': name }
  if (kind === 'Group') return { ...user, 'Impersonate-Group': name }
  if (groups.length > 0) return { ...user, 'X-Console-Impersonate-Groups': groups.join(',') }
  return user
}

/** The console's CSRF token, which every request that changes something has to show. */
export function csrfHeader(cookies = document.cookie): Record<string, string> {
  const token = /(?:^|; )csrf-token=([^;]*)/.exec(cookies)?.[1]
  return token === undefined ? {} : { 'X-CSRFToken': token }
}
