import { createContext, useContext, useEffect } from 'react'

/** How the host names the browser's tab; it may add the product or the cluster. */
export const SetDocumentTitle = createContext((title: string) => {
  document.title = title
})

/** Names the browser's tab after the page. */
export function useDocumentTitle(title: string): void {
  const setTitle = useContext(SetDocumentTitle)
  useEffect(() => setTitle(title), [title, setTitle])
}
