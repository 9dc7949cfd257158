import { createContext, useContext, type ReactNode } from 'react'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'

/** A tab that the host adds to the pages of a kind. */
export interface ForeignTab {
  model: { group?: string; version: string; kind: string }
  id: string
  title: string
  render: (object: KubeObject) => ReactNode
}

/** Those of all kinds; stand-alone there are none. */
export const ForeignTabs = createContext<readonly ForeignTab[]>([])

/** The host's tabs for one kind. */
export function useForeignTabs({ group, kind }: ResourceKind): readonly ForeignTab[] {
  return useContext(ForeignTabs).filter(
    ({ model }) => (model.group ?? '') === group && model.kind === kind,
  )
}
