import { expect, it } from 'vitest'

import { bootSource, uploadedIso } from './draft/boot-source.ts'
import { newDraft } from './draft/draft.ts'
import { nameBase } from './use-proposed-name.ts'

it.each([
  [{ kind: 'image', namespace: 'os', name: 'fedora' }, 'fedora'],
  [{ kind: 'claim', name: 'data' }, 'data'],
  [{ kind: 'url', url: 'https://x.test/a/debian-12.qcow2.xz?v=1' }, 'debian-12'],
  [{ kind: 'url', url: 'https://x.test' }, ''],
  [{ kind: 'registry', url: 'docker://quay.io:5000/x/fedora:42' }, 'fedora'],
  [{ kind: 'containerDisk', image: 'quay.io/x/alpine@sha256:0a' }, 'alpine'],
  [{ kind: 'blank' }, 'vm'],
  [{ kind: 'none' }, ''],
] as const)('calls a VM of %o after %j', (source, base) => {
  expect(nameBase(bootSource.set(newDraft('demo'), source))).toBe(base)
})

it('calls a VM with an uploaded CD after it', () => {
  const draft = bootSource.set(newDraft('demo'), { kind: 'blank' })
  expect(nameBase(uploadedIso.set(draft, 'win11'))).toBe('win11')
})
