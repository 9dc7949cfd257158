/**
 * What we use of the module that the OpenShift Console shares with its plugins, 4.22 and later:
 * https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/api/core-api.ts
 * Its npm package would bring the types of half the console.
 */
declare module '@openshift-console/dynamic-plugin-sdk' {
  import type { ComponentType, ReactNode } from 'react'

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

  /** The name in a link to the console's page of it, with the badge of its kind. */
  export const ResourceLink: ComponentType<{
    groupVersionKind: { group?: string; version: string; kind: string }
    name: string
    namespace?: string
    displayName?: string
    inline?: boolean
  }>

  /** How long ago, or when; the exact time in UTC on hover. */
  export const Timestamp: ComponentType<{ timestamp: string }>

  interface ToastOptions {
    /** A toast of the same id is replaced. */
    id: string
    title: string
    variant: 'danger' | 'warning' | 'info' | 'success'
    content: ReactNode
    dismissible: boolean
    /** ms; without it the toast stays. */
    timeout?: number
  }

  /**
   * Shows messages above the page. Absent before 4.23; where the console draws no frame, it has no
   * `addToast`.
   */
  export const useToast: (() => { addToast?: (toast: ToastOptions) => string }) | undefined

  /**
   * A value kept by the console for the signed-in user, in a ConfigMap, and for an impersonated one in
   * the browser's session. What is set before `isLoaded` is lost.
   */
  export const useUserPreference: <T>(
    key: string,
    defaultValue: T | undefined,
    isFollowed: boolean,
  ) => [value: T | undefined, set: (next: (last: T | undefined) => T) => void, isLoaded: boolean]

  /** The project of the console's bar, `#ALL_NS#` for all; undefined where there is no bar. */
  export const useActiveNamespace: () => [string | undefined, (namespace: string) => void]
}
