/**
 * What our extensions use of the console's SDK beside `openshift-console-sdk.d.ts`:
 * https://github.com/openshift/console/tree/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src
 */
declare module '@openshift-console/dynamic-plugin-sdk' {
  import type { ComponentType, ReactNode } from 'react'

  /** Whether the user may, and whether that is still being asked. */
  export const useAccessReview: (attributes: {
    group: string
    resource: string
    verb: string
    namespace?: string
  }) => [isAllowed: boolean, isLoading: boolean]

  interface Extension {
    type: string
    properties: object
  }
  /**
   * The extensions of all plugins that the guard lets through, with what their code references stand
   * for. One that can't be loaded is `undefined`. The guard must stay the same from call to call.
   */
  export const useResolvedExtensions: <E extends Extension>(
    guard: (extension: Extension) => extension is E,
  ) => [extensions: (E & { uid: string })[], isResolved: boolean, errors: unknown[]]

  /** A line of an inventory card. */
  export const InventoryItem: ComponentType<{ children: ReactNode }>
  export const InventoryItemTitle: ComponentType<{ children: ReactNode }>
  export const InventoryItemBody: ComponentType<{ error?: unknown; children: ReactNode }>
  export const InventoryItemLoading: ComponentType
}
