/** Tabs that other plugins of the console have for pages of ours. */
import { useResolvedExtensions } from '@openshift-console/dynamic-plugin-sdk'
import { createElement, useMemo, type ComponentType } from 'react'

import type { KubeObject } from '../../kube/kinds.ts'
import type { ForeignTab } from '../ui/foreign-tabs.ts'

/** https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/extensions/horizontal-nav-tabs.ts */
interface TabExtension {
  type: string
  properties: {
    model: { group?: string; version: string; kind: string }
    page: { name: string; href: string }
    /** Absent when it can't be loaded. */
    component?: ComponentType<{ obj: KubeObject }>
  }
}

/** Groups whose pages are ours: no tab of another page is loaded for nothing. */
const ourGroups = /(?:^|\.)kubevirt\.io$/

function isTabOfOurs(extension: { type: string; properties: object }): extension is TabExtension {
  if (extension.type !== 'console.tab/horizontalNav') return false
  const { model } = extension.properties as TabExtension['properties']
  return ourGroups.test(model.group ?? '')
}

/** By name, as the console orders them. */
export function useHostTabs(): readonly ForeignTab[] {
  const [extensions] = useResolvedExtensions(isTabOfOurs)
  return useMemo(
    () =>
      extensions
        .map(({ properties: { model, page, component } }): ForeignTab => ({
          model,
          id: page.href,
          title: page.name,
          render: (obj) =>
            component ? createElement(component, { obj }) : 'This tab can’t be loaded.',
        }))
        .toSorted((a, b) => a.title.localeCompare(b.title)),
    [extensions],
  )
}
