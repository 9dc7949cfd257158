/**
 * Short explanations on hover and focus, for every element with a `data-hint`. One tooltip serves the
 * whole page: a long table would otherwise carry several per row, and their set-up is what costs most
 * when rows scroll into view.
 */
import { Tooltip } from '@patternfly/react-core'
import { useEffect, useState } from 'react'

import './hints.css'

/** PatternFly's own delay. */
const delayMs = 300

interface Shown {
  element: HTMLElement
  text: string
}

/** The tooltip itself; once per page. */
export function Hints() {
  const [shown, setShown] = useState<Shown>()
  const element = shown?.element

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let pending: HTMLElement | undefined

    function hide() {
      clearTimeout(timer)
      pending = undefined
      setShown(undefined)
    }
    function show({ target }: Event) {
      const hinted =
        target instanceof Element ? target.closest<HTMLElement>('[data-hint]') : undefined
      if (hinted && hinted === pending) return
      hide()
      if (!hinted) return
      pending = hinted
      timer = setTimeout(() => {
        if (hinted.isConnected) setShown({ element: hinted, text: hinted.dataset.hint ?? '' })
      }, delayMs)
    }
    function hideOnEscape({ key }: KeyboardEvent) {
      if (key === 'Escape') hide()
    }
    const listeners = [
      ['mouseover', show],
      ['focusin', show],
      ['focusout', hide],
      // Who has pressed a button knows what it is for, and wants to reach the one beside it.
      ['click', hide],
      ['scroll', hide],
      ['keydown', hideOnEscape],
    ] as const
    for (const [type, listener] of listeners)
      document.addEventListener(type, listener as EventListener, true)
    return () => {
      clearTimeout(timer)
      for (const [type, listener] of listeners)
        document.removeEventListener(type, listener as EventListener, true)
    }
  }, [])

  // A hint may change while it is read: “Copy” becomes “Copied”. It goes with its element.
  useEffect(() => {
    if (!element) return
    const presence = new IntersectionObserver(() => {
      if (!element.isConnected) setShown(undefined)
    })
    presence.observe(element)
    const observer = new MutationObserver(() => {
      const text = element.dataset.hint
      setShown(text === undefined ? undefined : { element, text })
    })
    observer.observe(element, { attributes: true, attributeFilter: ['data-hint'] })
    return () => {
      presence.disconnect()
      observer.disconnect()
    }
  }, [element])

  if (!shown) return null
  return (
    <Tooltip
      key={shown.text}
      className="kc-hint"
      trigger="manual"
      isVisible
      entryDelay={0}
      exitDelay={0}
      animationDuration={0}
      triggerRef={() => shown.element}
      content={shown.text}
    />
  )
}
