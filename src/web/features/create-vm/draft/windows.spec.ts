// @vitest-environment jsdom

import { describe, expect, it } from 'vitest'

import { newDraft, type Draft } from './draft.ts'
import { withoutSecrets } from './stored-draft.ts'
import { unattendProblem } from './unattend.ts'
import { vmName } from './vm-fields.ts'
import { answerText, driversImage, sysprepProblems, sysprepSource } from './windows.ts'

const auto = answerText('autounattend.xml')
const unattend = answerText('unattend.xml')
const answered = (text: string): Draft => auto.set(sysprepSource.set(newDraft('demo'), 'new'), text)

it.each([
  '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>',
  '\n<?xml version="1.0" encoding="utf-8"?><u:unattend xmlns:u="urn:x"/>',
])('takes %s', (text) => {
  expect(unattendProblem(text)).toBeUndefined()
})

it.each([
  ['<unattend>', /isn’t XML/],
  ['Administrator', /isn’t XML/],
  ['<html></html>', /begins with <unattend>, and this with <html>/],
  [`<unattend><!--${'x'.repeat(2 ** 20)}--></unattend>`, /1 MiB/],
])('refuses %.40s', (text, problem) => {
  expect(unattendProblem(text)).toMatch(problem)
})

describe('an answer file', () => {
  it('is in a Secret that bears the VM’s name, one text or both', () => {
    const both = unattend.set(answered('<unattend/>'), '<html/>')
    expect(sysprepProblems(both)).toEqual([
      'unattend.xml: An answer file begins with <unattend>, and this with <html>.',
    ])
    const one = auto.set(both, '')
    expect(Object.keys((one.others[0] as { stringData?: object }).stringData ?? {})).toEqual([
      'unattend.xml',
    ])
    const empty = unattend.set(one, '')
    expect(sysprepSource.get(empty)).toBe('new')
    expect(sysprepProblems(empty)).toEqual(['Type or drop the answer file.'])
    const renamed = vmName.set(both, 'win')
    expect(renamed.others[0]?.metadata.name).toBe('win-sysprep')
    expect(sysprepSource.get(renamed)).toBe('new')
  })

  it('is not kept through a reload, for passwords are in it; the cluster’s own is', () => {
    const kept = withoutSecrets(answered('<unattend>hunter2</unattend>'))
    expect(JSON.stringify(kept)).not.toContain('hunter2')
    expect(kept.vm).toEqual(newDraft('demo').vm)
    const named = sysprepSource.set(newDraft('demo'), 'Secret/answers')
    expect(withoutSecrets(named)).toEqual(named)
  })
})

it('finds drivers that a manifest has under another name', () => {
  const draft = driversImage.set(newDraft('demo'), 'registry.example/virtio-win:1')
  const text = JSON.stringify(draft).replaceAll('virtio-drivers', 'windows-drivers-disk')
  const other = JSON.parse(text) as Draft
  expect(driversImage.get(other)).toBe('registry.example/virtio-win:1')
  expect(driversImage.set(other, '').vm).toEqual(newDraft('demo').vm)
})
