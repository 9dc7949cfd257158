import { matchPath } from 'react-router'
import { describe, expect, it } from 'vitest'

import manifest from '../../plugin-manifest.json' with { type: 'json' }
import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  dataSourceKind,
  instancetypeKind,
  preferenceKind,
  dataVolumeKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  virtualMachinePoolKind,
  virtualMachineTemplateKind,
} from '../kube/kinds.ts'
import {
  clusterPath,
  consolesPath,
  consoleWallPath,
  consoleWindowPath,
  createVmPath,
  resourceReference,
  workloadsPath,
} from './ui/page-paths.ts'

interface Properties {
  id?: string
  path?: string | string[]
  href?: string
  model?: { group: string; version: string; kind: string }
}

const extensions: { type: string; properties: Properties; flags?: { required: string[] } }[] =
  manifest.extensions
const paths = extensions.flatMap(({ properties }) => properties.path ?? [])

describe('plugin-manifest.json', () => {
  it('has a page for every link that leads to none of a resource', () => {
    const ref = { namespace: 'demo', name: 'web-1' }
    const links = [
      clusterPath,
      workloadsPath,
      consolesPath,
      createVmPath(),
      createVmPath('demo'),
      consoleWallPath(),
      consoleWallPath('demo'),
      consoleWindowPath(ref, virtualMachineInstanceKind),
    ]
    const unserved = links.filter((link) => !paths.some((path) => matchPath(path, link)))
    expect(unserved).toEqual([])
  })

  it('has list and details of the kinds that the console has no pages for', () => {
    const served = extensions
      .filter(({ type }) => type.startsWith('console.page/resource/'))
      .map(({ type, properties: { model } }) => {
        const { group = '', version = '', kind = '' } = model ?? {}
        return `${type.split('/').at(-1)} ${group}~${version}~${kind}`
      })
    const expected = [
      virtualMachineKind,
      virtualMachineInstanceKind,
      dataVolumeKind,
      dataSourceKind,
      clusterInstancetypeKind,
      instancetypeKind,
      clusterPreferenceKind,
      preferenceKind,
      virtualMachineTemplateKind,
      virtualMachinePoolKind,
    ]
      .map(resourceReference)
      .flatMap((kind) => [`list ${kind}`, `details ${kind}`])
    expect(served.toSorted()).toEqual(expected.toSorted())
  })

  it('shows nothing without KubeVirt', () => {
    const ungated = extensions
      .filter(({ flags }) => !flags?.required.includes('KUBEVIRT_CONSOLE_VM'))
      .map(({ type }) => type)
    expect(new Set(ungated)).toEqual(new Set(['console.flag/model']))
  })

  it('has ids of its own', () => {
    const ids = extensions.flatMap(({ properties }) => properties.id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !id.startsWith('kubevirt-console'))).toEqual([])
  })
})
