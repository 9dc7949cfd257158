/** The start that a draft has: as it was chosen, unless its manifests tell of another. */
import { bootSource, uploadedIso } from './boot-source.ts'
import { field, type Draft, type Field, type StartWay } from './draft.ts'
import { withoutTemplate } from './template-start.ts'

/** Undefined where nothing is chosen yet. */
function toldWay(draft: Draft): StartWay | undefined {
  if (draft.template) return 'template'
  if (uploadedIso.get(draft) !== '') return 'upload'
  const { kind } = bootSource.get(draft)
  if (kind === 'none') return undefined
  if (kind === 'dataVolume') return 'upload'
  return kind === 'other' ? 'manifest' : kind
}

function readWay(draft: Draft): StartWay {
  const { start } = draft
  const told = toldWay(draft)
  // A manifest may hold any source, and an uploaded CD goes with an empty disk.
  const isChosen =
    told === undefined || start === 'manifest' || (start === 'blank' && told === 'upload')
  return (isChosen ? start : undefined) ?? told ?? 'image'
}

/** Another start takes away what the one before has put into the draft, except for a manifest. */
function changeWay(draft: Draft, way: StartWay): Draft {
  const chosen = { ...(way === 'template' ? draft : withoutTemplate(draft)), start: way }
  if (way === 'blank') return bootSource.set(chosen, { kind: 'blank' })
  return way === 'manifest' ? chosen : bootSource.set(chosen, { kind: 'none' })
}

export const startWay: Field<StartWay> = field(readWay, changeWay)
