import { createContext, useContext, useEffect } from 'react'

/** What follows every title: the cluster, so that windows of several are told apart. */
export const DocumentTitleSuffix = createContext('KubeVirt Console')

/** Names the browser's tab after the page. */
export function useDocumentTitle(title: string): void {
  const suffix = useContext(DocumentTitleSuffix)
  useEffect(() => {
    document.title = `${title} · ${suffix}`
  }, [title, suffix])
}
