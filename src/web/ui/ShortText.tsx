import type { ReactNode } from 'react'

/** One line, the whole on hover. */
export function ShortText({ text, children }: { text: string; children?: ReactNode }) {
  if (text === '') return '–'
  return (
    <span className="kc-truncate" title={text}>
      {children ?? text}
    </span>
  )
}
