/** The draft as YAML, and YAML or dropped files as a draft. */
import { parseAllDocuments, stringify } from 'yaml'

import type { Draft, Manifest, VmManifest } from './draft.ts'
import { copyNames, copyOf, isMany, manyIsPool, poolManifest } from './many.ts'

/** All manifests of the draft, the VM first. */
export function draftText({ vm, others }: Draft): string {
  return [vm, ...others].map((one) => stringify(one, { lineWidth: 0 })).join('---\n')
}

function isManifest(value: unknown): value is Manifest {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Manifest>).metadata === 'object' &&
    (value as Partial<Manifest>).metadata !== null
  )
}

function isVm(manifest: Manifest): manifest is VmManifest {
  const { kind, apiVersion = '' } = manifest
  return kind === 'VirtualMachine' && apiVersion.startsWith('kubevirt.io/')
}

export interface TextProblem {
  message: string
  from: number
  to: number
}

/** A draft, or what keeps the text from being one. A `List` is the objects in it. */
export function readDraft(text: string): { draft: Draft } | { problems: TextProblem[] } {
  const documents = parseAllDocuments(text, { prettyErrors: false })
  const parsed = Array.isArray(documents) ? documents : []
  const problems = parsed.flatMap(({ errors }) =>
    errors.map(({ message, pos: [from, to] }) => ({ message, from, to })),
  )
  if (problems.length > 0) return { problems }
  const whole = (message: string) => ({ problems: [{ message, from: 0, to: 0 }] })
  const values: unknown[] = parsed
    .map((document): unknown => document.toJS())
    .filter((value) => value !== null && value !== undefined)
    .flatMap((value) => {
      const { kind, items } = value as { kind?: string; items?: unknown[] }
      return kind === 'List' && Array.isArray(items) ? items : [value]
    })
  if (!values.every(isManifest)) return whole('One of the documents has no metadata.')
  const vm = values.find(isVm)
  if (!vm) return whole('There is no VirtualMachine (kubevirt.io) in this.')
  if (typeof vm.spec?.template?.spec?.domain !== 'object' || vm.spec.template.spec.domain === null)
    return whole('The VirtualMachine has no spec.template.spec.domain.')
  return { draft: { vm, others: values.filter((one) => one !== vm) } }
}

/** What is created, each object once. */
function createdText(draft: Draft): string {
  if (!isMany(draft)) return draftText(draft)
  const objects: unknown[] = manyIsPool.get(draft)
    ? [poolManifest(draft), ...draft.others]
    : copyNames(draft).flatMap((name) => {
        const { vm, others } = copyOf(draft, name)
        return [vm, ...others]
      })
  const texts = objects.map((one) => stringify(one, { lineWidth: 0 }))
  return [...new Set(texts)].join('---\n')
}

/** The draft for `kubectl`, to be pasted into a POSIX shell. */
export function kubectlCommand(draft: Draft): string {
  const text = createdText(draft)
  let end = 'EOF'
  while (text.split('\n').includes(end)) end += '_'
  return `kubectl create --filename - <<'${end}'\n${text}${end}\n`
}
