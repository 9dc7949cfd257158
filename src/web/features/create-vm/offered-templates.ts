/** The templates that a VM can be made of, of every kind and namespace that one may look into. */
import { useMemo } from 'react'

import { openshiftTemplateKind, virtualMachineTemplateKind } from '../../../kube/kinds.ts'
import {
  offerOfOpenshiftTemplate,
  offerOfVmTemplate,
  openshiftVmTemplates,
  type TemplateOffer,
} from '../../../kube/template-offer.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'
import { useIsServed } from '../../data/served.ts'

/** Where OpenShift keeps those that everybody may use. */
const sharedNamespace = 'openshift'

function isDenied(list: LiveList<unknown>): boolean {
  return list.error?.isForbidden === true
}

/** What keeps one of the kinds from being offered, in words. */
function trouble(lists: readonly LiveList<unknown>[], words: string): string | undefined {
  const failed = lists.find(
    ({ status, error, items }) => status === 'failed' && error && items.length === 0,
  )
  return failed?.error && `${words}: ${failed.error.message}`
}

export function useOfferedTemplates(namespace: string): {
  offers: readonly TemplateOffer[]
  isLoading: boolean
  /** The cluster has neither kind. */
  isMissing: boolean
  troubles: readonly string[]
} {
  const kubevirt = useLiveList(virtualMachineTemplateKind)
  const kubevirtHere = useLiveList(virtualMachineTemplateKind, {
    namespace,
    enabled: isDenied(kubevirt) && namespace !== '',
  })
  const isOpenshift = useIsServed(openshiftTemplateKind) === true
  const options = { labelSelector: openshiftVmTemplates }
  const openshift = useLiveList(openshiftTemplateKind, { ...options, enabled: isOpenshift })
  const isLimited = isOpenshift && isDenied(openshift)
  const shared = useLiveList(openshiftTemplateKind, {
    ...options,
    namespace: sharedNamespace,
    enabled: isLimited,
  })
  const openshiftHere = useLiveList(openshiftTemplateKind, {
    ...options,
    namespace,
    enabled: isLimited && namespace !== '' && namespace !== sharedNamespace,
  })
  const vmTemplates = isDenied(kubevirt) && namespace !== '' ? kubevirtHere : kubevirt
  const isUnknown = vmTemplates.error?.isNotFound === true
  const openshiftItems = useMemo(
    () => (isLimited ? [...shared.items, ...openshiftHere.items] : openshift.items),
    [isLimited, shared.items, openshiftHere.items, openshift.items],
  )
  const offers = useMemo(
    () =>
      [
        ...vmTemplates.items.map(offerOfVmTemplate),
        ...openshiftItems.map(offerOfOpenshiftTemplate),
      ].toSorted(
        (a, b) => a.title.localeCompare(b.title) || a.namespace.localeCompare(b.namespace),
      ),
    [vmTemplates.items, openshiftItems],
  )
  const openshiftLists = !isOpenshift ? [] : isLimited ? [shared] : [openshift]
  const lists = isUnknown ? openshiftLists : [vmTemplates, ...openshiftLists]
  return {
    offers,
    isLoading: lists.some(({ status }) => status === 'loading'),
    isMissing: isUnknown && !isOpenshift,
    troubles: [
      isUnknown ? undefined : trouble([vmTemplates], 'VirtualMachineTemplates can’t be listed'),
      trouble(openshiftLists, 'OpenShift’s Templates can’t be listed'),
    ].filter((one) => one !== undefined),
  }
}
