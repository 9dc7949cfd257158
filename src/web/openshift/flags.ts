/** The flags of the console that are ours beside those that follow from the kinds of the cluster. */
import { useAccessReview } from '@openshift-console/dynamic-plugin-sdk'
import { useEffect } from 'react'

type SetFlag = (flag: string, isOn: boolean) => void

/** Red Hat's plugin for the same kinds. */
const stockPlugin = 'kubevirt-plugin'
const ourPlugin = 'kubevirt-console'

/**
 * Of two plugins with a page for the same kind, the console takes the one that its administrator has
 * put first (public/components/resource-pages.ts); what belongs to our pages goes by the same rule.
 */
export function setOrderFlag(setFlag: SetFlag): void {
  const { consolePlugins = [] } = (window.SERVER_FLAGS ?? {}) as { consolePlugins?: string[] }
  const stock = consolePlugins.indexOf(stockPlugin)
  setFlag('KUBEVIRT_CONSOLE_FIRST', stock < 0 || consolePlugins.indexOf(ourPlugin) < stock)
}

/** What may be read across the cluster; whatever shows it waits for these. */
export function useRightsFlags(setFlag: SetFlag): void {
  useRight(setFlag, 'KUBEVIRT_CONSOLE_ALL_VMS', 'virtualmachines')
  useRight(setFlag, 'KUBEVIRT_CONSOLE_ALL_VMIS', 'virtualmachineinstances')
  useRight(setFlag, 'KUBEVIRT_CONSOLE_KUBEVIRT', 'kubevirts')
}

/** Follows whoever is impersonated. */
function useRight(setFlag: SetFlag, flag: string, resource: string): void {
  const [isAllowed, isLoading] = useAccessReview({ group: 'kubevirt.io', resource, verb: 'list' })
  useEffect(() => {
    if (!isLoading) setFlag(flag, isAllowed)
  }, [flag, isAllowed, isLoading, setFlag])
}
