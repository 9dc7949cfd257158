import { createContext, useContext } from 'react'
import { useParams } from 'react-router'

/** What a page is about. A list without a namespace is one of all namespaces. */
export interface PageParams {
  namespace?: string | undefined
  name?: string | undefined
  tab?: string | undefined
}

/** For hosts that tell a page what it is about, as the OpenShift Console does. */
export const GivenPageParams = createContext<PageParams | undefined>(undefined)

/**
 * Pages take this and not the router's `useParams`: the routes of the OpenShift Console have other
 * names for the same things, and it shows lists in places where the URL names no namespace.
 */
export function usePageParams(): PageParams {
  const fromRoute = useParams()
  const given = useContext(GivenPageParams)
  return given ?? fromRoute
}
