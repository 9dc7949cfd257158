import { describe, expect, it } from 'vitest'

import type { VirtualMachine } from './kinds.ts'
import { ejectMediumPatch, insertMediumPatch, mediumVolume } from './medium-patch.ts'

const path = '/spec/template/spec/volumes'

function vm(volumes?: object[], dataVolumeTemplates?: object[]): VirtualMachine {
  return {
    metadata: { name: 'web-1', generation: 3 },
    spec: {
      ...(dataVolumeTemplates && { dataVolumeTemplates }),
      template: { spec: { domain: { devices: {} }, ...(volumes && { volumes }) } },
    },
  } as unknown as VirtualMachine
}

const root = { name: 'root', containerDisk: { image: 'debian' } }
const tools = mediumVolume('cdrom', 'tools', { isDataVolume: false })
const drivers = mediumVolume('cdrom', 'drivers', { isDataVolume: true })

describe('a medium', () => {
  it('can be taken out again while the VM runs', () => {
    expect(tools).toEqual({
      name: 'cdrom',
      persistentVolumeClaim: { claimName: 'tools', hotpluggable: true },
    })
    expect(drivers).toEqual({
      name: 'cdrom',
      dataVolume: { name: 'drivers', hotpluggable: true },
    })
  })

  it('goes into an empty drive as a new volume, guarded by what is there', () => {
    expect(insertMediumPatch(vm([root]), tools)).toEqual([
      { op: 'test', path, value: [root] },
      { op: 'add', path: `${path}/-`, value: tools },
    ])
  })

  it('starts a list that is missing, guarded by the generation', () => {
    expect(insertMediumPatch(vm(), tools)).toEqual([
      { op: 'test', path: '/metadata/generation', value: 3 },
      { op: 'add', path, value: [tools] },
    ])
  })

  it('takes the place of another, whose DataVolume template goes with it', () => {
    const template = { metadata: { name: 'drivers' } }
    expect(insertMediumPatch(vm([root, drivers], [template]), tools)).toEqual([
      { op: 'test', path, value: [root, drivers] },
      { op: 'replace', path: `${path}/1`, value: tools },
      { op: 'test', path: '/spec/dataVolumeTemplates', value: [template] },
      { op: 'remove', path: '/spec/dataVolumeTemplates/0' },
    ])
  })

  it('is ejected by its volume alone', () => {
    expect(ejectMediumPatch(vm([tools, root]), 'cdrom')).toEqual([
      { op: 'test', path, value: [tools, root] },
      { op: 'remove', path: `${path}/0` },
    ])
  })

  it('that isn’t there needs no patch', () => {
    expect(ejectMediumPatch(vm([root]), 'cdrom')).toEqual([])
    expect(ejectMediumPatch(vm(), 'cdrom')).toEqual([])
  })
})
