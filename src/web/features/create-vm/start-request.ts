/** What a page has asked the wizard to start from, by its address (`createVmPath`). */
import type { TemplateRef } from '../../../kube/template-offer.ts'
import { bootSource } from './draft/boot-source.ts'
import { newDraft, type Draft } from './draft/draft.ts'
import { isOfTemplate, startFromTemplate } from './draft/template-start.ts'

export interface StartRequest {
  /** The draft that starts so. */
  draft: Draft
  /** Whether a draft has started so. */
  isOf: (draft: Draft) => boolean
}

/** `?template=NAME` or `?snapshot=NAME` of this namespace; undefined for neither. */
export function startRequest(
  search: URLSearchParams,
  namespace: string | undefined,
): StartRequest | undefined {
  if (namespace === undefined) return undefined
  const template = search.get('template')
  if (template !== null) {
    const ref: TemplateRef = { kind: 'VirtualMachineTemplate', namespace, name: template }
    return {
      draft: startFromTemplate(newDraft(namespace), ref),
      isOf: (draft) => isOfTemplate(draft, ref),
    }
  }
  const name = search.get('snapshot')
  if (name === null) return undefined
  return {
    draft: bootSource.set(newDraft(namespace), { kind: 'snapshot', name }),
    isOf: (draft) => {
      const source = bootSource.get(draft)
      return source.kind === 'snapshot' && source.name === name
    },
  }
}
