import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parseSync } from 'oxc-parser'
import { matchPath } from 'react-router'
import { describe, expect, it } from 'vitest'

import manifest from '../plugin-manifest.json' with { type: 'json' }
import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  dataSourceKind,
  dataVolumeKind,
  instancetypeKind,
  preferenceKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  virtualMachinePoolKind,
  virtualMachineSnapshotKind,
  virtualMachineTemplateKind,
} from '../src/kube/kinds.ts'
import {
  clusterPath,
  consolesPath,
  consoleWallPath,
  consoleWindowPath,
  createVmPath,
  resourceReference,
  workloadsPath,
} from '../src/web/ui/page-paths.ts'
import { exposedModules } from '../vite.plugin.config.ts'
import { extensionProblems } from './console-extensions.ts'

interface Model {
  group?: string
  version: string
  kind: string
}

interface Extension {
  type: string
  properties: {
    id?: string
    flag?: string
    path?: string | string[]
    href?: string
    perspective?: string
    section?: string
    model?: Model | { $codeRef: string }
  }
  flags?: { required?: string[]; disallowed?: string[] }
}

const extensions = manifest.extensions as unknown as Extension[]
const ofType = (...types: string[]) => extensions.filter(({ type }) => types.includes(type))
const paths = ofType('console.page/route', 'console.page/route/standalone').flatMap(
  ({ properties }) => properties.path ?? [],
)

function modelOf({ properties: { model } }: Extension): Model | undefined {
  return model && 'kind' in model ? model : undefined
}

function reference({ group = '', version, kind }: Model): string {
  return `${group}~${version}~${kind}`
}

/** Flags of the console or of another plugin that ours are read beside. */
const foreignFlags = ['FLAG_OPENSHIFT_5', 'KUBEVIRT_DYNAMIC']
/** Set by `src/web/openshift/flags.ts`. */
const ownFlags = [
  'KUBEVIRT_CONSOLE_FIRST',
  'KUBEVIRT_CONSOLE_ALL_VMS',
  'KUBEVIRT_CONSOLE_ALL_VMIS',
  'KUBEVIRT_CONSOLE_KUBEVIRT',
]

describe('plugin-manifest.json', () => {
  it('has extensions as the console wants them', () => {
    expect(extensions.flatMap(extensionProblems)).toEqual([])
    const [first] = ofType('console.flag/model')
    expect(extensionProblems({ ...first, properties: { flag: 'X' } })).toHaveLength(1)
    expect(extensionProblems({ type: 'console.flags', properties: {} })).toHaveLength(1)
  })

  it('names what its modules export', () => {
    const exported = new Map(
      Object.entries(exposedModules).map(([name, file]) => {
        const code = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
        const names = parseSync(file, code).module.staticExports.flatMap(({ entries }) =>
          entries.map(({ exportName }) => exportName.name),
        )
        return [name, names]
      }),
    )
    const refs = [...JSON.stringify(manifest).matchAll(/"\$codeRef":"([^".]+)\.([^"]+)"/g)]
    expect(refs.length).toBeGreaterThan(60)
    const unknown = refs.filter(([, module = '', name = '']) => {
      return exported.get(module)?.includes(name) !== true
    })
    expect(unknown).toEqual([])
  })

  it('asks for no flag that nobody sets', () => {
    const byKind = ofType('console.flag/model').map(({ properties }) => properties.flag ?? '')
    const asked = extensions.flatMap(({ flags }) => [
      ...(flags?.required ?? []),
      ...(flags?.disallowed ?? []),
    ])
    const known = new Set([...byKind, ...ownFlags, ...foreignFlags])
    expect(asked.filter((flag) => !known.has(flag))).toEqual([])
    expect([...byKind, ...ownFlags].filter((flag) => !asked.includes(flag))).toEqual([])
  })

  it('shows what is about a kind only where the cluster has the kind', () => {
    const flagOfGroup = new Map(
      ofType('console.flag/model').map((one) => [
        modelOf(one)?.group ?? '',
        one.properties.flag ?? '',
      ]),
    )
    const ungated = extensions.filter((one) => {
      const flag = flagOfGroup.get(modelOf(one)?.group ?? '')
      if (one.type === 'console.flag/model' || one.type === 'console.model-metadata') return false
      return flag !== undefined && one.flags?.required?.includes(flag) !== true
    })
    expect(ungated).toEqual([])
  })

  it('shows nothing without any of the kinds', () => {
    const ungated = extensions
      .filter(({ flags }) => flags?.required === undefined)
      .map(({ type }) => type)
    // The console asks for these before it knows the kinds; none of them shows anything.
    expect([...new Set(ungated)].toSorted()).toEqual([
      'console.context-provider',
      'console.flag',
      'console.flag/hookProvider',
      'console.flag/model',
      'console.model-metadata',
    ])
  })

  it('steps back from what Red Hat’s plugin has as well', () => {
    const beside = extensions
      .filter(({ flags }) => flags?.disallowed?.includes('KUBEVIRT_DYNAMIC') !== true)
      .filter(({ type }) => !type.startsWith('console.page/') && !type.startsWith('console.flag'))
      .filter(({ properties }) => properties.perspective === undefined)
      .map(({ type }) => type)
    expect([...new Set(beside)].toSorted()).toEqual([
      'console.context-provider',
      'console.model-metadata',
      'console.navigation/href',
      'console.navigation/resource-cluster',
      'console.navigation/resource-ns',
      'console.navigation/section',
      'console.resource/create',
      'console.tab/horizontalNav',
    ])
  })

  it('has a page for every link that leads to none of a resource', () => {
    const ref = { namespace: 'demo', name: 'web-1' }
    const created = ofType('console.resource/create').map((one) => modelOf(one) as Model)
    const links = [
      clusterPath,
      workloadsPath,
      consolesPath,
      createVmPath(),
      createVmPath('demo'),
      consoleWallPath(),
      consoleWallPath('demo'),
      consoleWindowPath(ref, virtualMachineInstanceKind),
      ...ofType('console.navigation/href').flatMap(({ properties: { href = '' } }) =>
        href.startsWith('/') ? href : [`/k8s/ns/demo/${href}`, `/k8s/all-namespaces/${href}`],
      ),
    ]
    const served = [...paths, ...created.map((model) => `/k8s/ns/:ns/${reference(model)}/~new`)]
    expect(links.filter((link) => !served.some((path) => matchPath(path, link)))).toEqual([])
  })

  it('has list and details of the kinds that the console has no pages for', () => {
    const served = ofType('console.page/resource/list', 'console.page/resource/details').map(
      (one) => `${one.type.split('/').at(-1)} ${reference(modelOf(one) as Model)}`,
    )
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
      virtualMachineSnapshotKind,
    ]
      .map(resourceReference)
      .flatMap((kind) => [`list ${kind}`, `details ${kind}`])
    expect(served.toSorted()).toEqual(expected.toSorted())
  })

  it('has the same ways in our section and in our perspective', () => {
    const items = ofType(
      'console.navigation/href',
      'console.navigation/resource-ns',
      'console.navigation/resource-cluster',
    )
    const target = ({ properties: { model, href } }: Extension) => JSON.stringify(model ?? href)
    const inSection = items.filter(({ properties }) => properties.section === 'kubevirt-console')
    const inPerspective = items.filter(
      ({ properties }) => properties.perspective === 'kubevirt-console',
    )
    expect(inPerspective.map(target)).toEqual(expect.arrayContaining(inSection.map(target)))
    expect(inSection.length + inPerspective.length).toBe(items.length)
  })

  it('has ids of its own', () => {
    const ids = extensions
      .filter(({ type }) => type !== 'console.perspective')
      .flatMap(({ properties }) => properties.id ?? [])
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(ids.filter((id) => !id.startsWith('kubevirt-console'))).toEqual([])
  })
})
