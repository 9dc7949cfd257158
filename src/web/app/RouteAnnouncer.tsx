import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'

/**
 * Tells screen readers that the page has changed, and takes up the keyboard focus where the old
 * page has left it nowhere.
 */
export function RouteAnnouncer() {
  const { pathname } = useLocation()
  const lastPathname = useRef(pathname)
  const [message, setMessage] = useState('')

  useEffect(() => {
    const last = lastPathname.current
    lastPathname.current = pathname
    // The first page speaks for itself, also when it was reached by a redirect.
    if (last === pathname || last === '/') return
    // The page names itself in an effect of its own, lazily loaded ones somewhat later.
    const timer = setTimeout(() => {
      setMessage(document.title)
      if (document.activeElement === document.body) document.querySelector('main')?.focus()
    }, 100)
    return () => clearTimeout(timer)
  }, [pathname])

  return (
    <div aria-live="polite" className="pf-v6-screen-reader">
      {message}
    </div>
  )
}
