/**
 * What we use of the module that the OpenShift Console shares with its plugins, 4.22 and later:
 * https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/api/core-api.ts
 * Its npm package would bring the types of half the console.
 */
declare module '@openshift-console/dynamic-plugin-sdk' {
  import type { ComponentType } from 'react'

  /**
   * `fetch` with the console's CSRF token and impersonation. Waits for `timeout` ms, for ever if it is
   * 0. Rejects with an error that carries the `response`, and as `json` what was read from it, for
   * every status that isn't a success (console-shared/src/utils/validate-status.ts).
   */
  export const consoleFetch: (
    url: string,
    options?: RequestInit,
    timeout?: number,
  ) => Promise<Response>

  /** Names the browser's tab; the console adds the product. */
  export const DocumentTitle: ComponentType<{ children: string }>
}
