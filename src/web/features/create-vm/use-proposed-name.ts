import { useEffect, useRef } from 'react'

import { useKube } from '../../data/host-context.tsx'
import { useDraft } from './draft-context.ts'
import { bootSource, uploadedIso } from './draft/boot-source.ts'
import type { Draft } from './draft/draft.ts'
import { vmName } from './draft/vm-fields.ts'
import { proposeName } from './free-name.ts'

/** How long typing must rest before a name is made of it. */
const pauseMs = 500

/** `https://x/debian-12.qcow2?a` → `debian-12`, `docker://quay.io/x/fedora:42` → `fedora`. */
function lastWord(address: string): string {
  const [path = ''] = address.split(/[?#]/)
  const last = /^[a-z]+:\/\/[^/]*\/?$/.test(path) ? '' : (path.split('/').at(-1) ?? '')
  return last
    .replace(/(?:@sha256)?:.*$/, '')
    .replace(/(?:\.(?:qcow2|raw|img|iso|vmdk|vdi|vhdx?|gz|xz))+$/i, '')
}

/** What a VM that starts so is called after; empty where that says nothing. */
export function nameBase(draft: Draft): string {
  const iso = uploadedIso.get(draft)
  const source = bootSource.get(draft)
  if (iso !== '') return iso
  switch (source.kind) {
    case 'url':
    case 'registry':
      return lastWord(source.url)
    case 'containerDisk':
      return lastWord(source.image)
    case 'blank':
      return 'vm'
    case 'none':
    case 'other':
      return ''
    default:
      return source.name
  }
}

/** Proposes a free name after what the VM starts from, until somebody types one. */
export function useProposedName(): void {
  const client = useKube()
  const { draft, change, namespace } = useDraft()
  const base = draft.template ? '' : nameBase(draft)
  const isTyped = !['image', 'blank', 'dataVolume'].includes(bootSource.get(draft).kind)
  const proposed = useRef('')
  const latest = useRef({ draft, change })
  useEffect(() => {
    latest.current = { draft, change }
  })
  useEffect(() => {
    if (base === '') return undefined
    const isOpen = (of: Draft) => ['', proposed.current].includes(vmName.get(of))
    let isCurrent = true
    async function propose() {
      if (!isOpen(latest.current.draft)) return
      const name = await proposeName(client, namespace, base)
      if (!isCurrent || !isOpen(latest.current.draft)) return
      proposed.current = name
      latest.current.change((before) => vmName.set(before, name))
    }
    const timer = setTimeout(() => void propose(), isTyped ? pauseMs : 0)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, namespace, base, isTyped])
}
