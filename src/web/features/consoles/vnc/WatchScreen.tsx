import './vnc.css'
import { useEffect, useState } from 'react'

import { virtualMachineInstanceKind } from '../../../../kube/kinds.ts'
import { subresourcePath } from '../../../../kube/paths.ts'
import { useKube } from '../../../data/host-context.tsx'
import { readDataUrl } from '../../../ui/data-url.ts'
import { formatTime } from '../../../ui/language.ts'
import { StepButton } from '../ConsoleMessage.tsx'

interface WatchScreenProps {
  namespace: string
  name: string
  onStop: () => void
}

const intervalMs = 2000

interface Picture {
  url: string
  takenAt: Date
}

/** The guest's screen in pictures: it takes no session, so it disturbs nobody. */
export function WatchScreen({ namespace, name, onStop }: WatchScreenProps) {
  const client = useKube()
  const [picture, setPicture] = useState<Picture>()
  const [error, setError] = useState<string>()

  useEffect(() => {
    const path = subresourcePath(virtualMachineInstanceKind, { namespace, name }, 'vnc/screenshot')
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined

    async function refresh() {
      // Nobody looks at a page in the background.
      if (!document.hidden) {
        try {
          const url = await readDataUrl(await client.readBlob(path, abort.signal))
          setPicture({ url, takenAt: new Date() })
          setError(undefined)
        } catch (cause) {
          if (abort.signal.aborted) return
          setError(cause instanceof Error ? cause.message : String(cause))
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void refresh(), intervalMs)
    }

    void refresh()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [client, namespace, name])

  return (
    <div className="kc-console-watch">
      <div className="kc-console-watch-bar">
        <output>
          {error === undefined
            ? `Watching: a picture every ${intervalMs / 1000} seconds, no keyboard.`
            : `No picture: ${error}`}
          {picture && ` Taken ${formatTime(picture.takenAt)}.`}
        </output>
        <StepButton label="Stop watching" isPrimary={false} onClick={onStop} />
      </div>
      {picture && <img src={picture.url} alt={`Screen of ${name}`} />}
    </div>
  )
}
