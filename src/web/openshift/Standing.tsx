/** What stands above the console's pages; once per window. */
import '../ui/console.css'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { useLocation } from 'react-router'

import { useActing } from '../app/acting-user.ts'
import { Dialogs } from '../app/ConsoleProviders.tsx'
import { HostContexts } from '../app/open-host.tsx'
import { OpenConsoles } from '../app/OpenConsoles.tsx'
import { Uploads } from '../app/Uploads.tsx'
import { useFoot } from './presence.ts'

/** What scrolls below the console's masthead, beside its navigation (public/components/app-contents.tsx). */
const contentId = 'content-scrollable'

export function Standing() {
  const opened = useActing()
  const { pathname } = useLocation()
  const content = useContent(pathname)
  const foot = useFoot() ?? content
  return (
    <HostContexts key={opened.userKey} opened={opened}>
      <Dialogs />
      {foot &&
        createPortal(
          <>
            <Uploads />
            <OpenConsoles />
          </>,
          foot,
        )}
    </HostContexts>
  )
}

/** The console's content, as soon as it is there; looked for anew on each page. */
function useContent(pathname: string): HTMLElement | undefined {
  const [content, setContent] = useState<HTMLElement>()
  useEffect(() => {
    const look = () => {
      const found = document.getElementById(contentId) ?? undefined
      setContent(found)
      return found
    }
    if (look()) return
    const observer = new MutationObserver(() => {
      if (look()) observer.disconnect()
    })
    observer.observe(document.body, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [pathname])
  return content
}
