import { useEffect, type RefObject } from 'react'

const backdrop = '.pf-v6-c-backdrop'

/**
 * Keeps the dialog that was opened last within reach of assistive technology. PatternFly's Modal
 * hides all that is beside it at each of its renders, also a dialog that has been opened from it
 * (v6.6.1 packages/react-core/src/components/Modal/Modal.tsx, toggleSiblingsFromScreenReaders).
 * `inside`: anything in the dialog.
 */
export function useTopmost(inside: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const show = () => {
      const own = inside.current?.closest(backdrop)
      const last = [...document.querySelectorAll(backdrop)].at(-1)
      if (own && last === own) own.removeAttribute('aria-hidden')
    }
    const observer = new MutationObserver(show)
    observer.observe(document.body, { subtree: true, attributeFilter: ['aria-hidden'] })
    show()
    return () => observer.disconnect()
  }, [inside])
}
