import { beforeEach, expect, it, vi } from 'vitest'

import { bootSource, uploadedIso } from './boot-source.ts'
import { devicesOf, newDraft, type Draft } from './draft.ts'
import { startWay } from './start-way.ts'
import { storedDraft, storeDraft } from './stored-draft.ts'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})

/** As it is after a reload of the page. */
function reloaded(draft: Draft): Draft | undefined {
  storeDraft(draft)
  return storedDraft()?.draft
}

const pasted: Draft = { ...newDraft('demo'), start: 'manifest' }

it('is an operating system until something is chosen, and then stays as it was chosen', () => {
  const draft = newDraft('demo')
  expect(startWay.get(draft)).toBe('image')
  for (const way of ['clone', 'claim', 'snapshot', 'upload', 'url', 'template'] as const) {
    const after = reloaded(startWay.set(draft, way))
    expect(after && startWay.get(after)).toBe(way)
  }
})

it('is a manifest after a reload, also one without disks or with any source', () => {
  const empty = reloaded(pasted)
  expect(empty && startWay.get(empty)).toBe('manifest')
  const ofUrl = reloaded(bootSource.set(pasted, { kind: 'url', url: 'https://host/disk.img' }))
  expect(ofUrl && startWay.get(ofUrl)).toBe('manifest')
})

it('follows the manifests when they tell of another', () => {
  const ofClaim = bootSource.set(startWay.set(newDraft('demo'), 'url'), {
    kind: 'claim',
    name: 'data',
  })
  expect(startWay.get(ofClaim)).toBe('claim')
})

it('takes away what the start before has put in, and keeps what a manifest says', () => {
  const ofUrl = bootSource.set(startWay.set(newDraft('demo'), 'url'), {
    kind: 'url',
    url: 'https://host/disk.img',
  })
  expect(devicesOf(startWay.set(ofUrl, 'image')).volumes).toEqual([])
  expect(startWay.set(ofUrl, 'manifest').vm).toBe(ofUrl.vm)
  const blank = startWay.set(ofUrl, 'blank')
  expect(bootSource.get(blank)).toEqual({ kind: 'blank' })
  const withCd = uploadedIso.set(blank, 'debian-iso')
  expect(startWay.get(withCd)).toBe('blank')
  const { start: _start, ...unsaid } = withCd
  expect(startWay.get(unsaid)).toBe('upload')
})

it('leaves a template when another start is chosen', () => {
  const template = { kind: 'VirtualMachineTemplate', namespace: 'demo', name: 'web' } as const
  const draft: Draft = { ...newDraft('demo'), template, start: 'template' }
  expect(startWay.get(draft)).toBe('template')
  expect(startWay.set(draft, 'blank').template).toBeUndefined()
})
