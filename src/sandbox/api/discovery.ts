/**
 * What the server serves: /api, /apis, groups, versions, and aggregated discovery v2.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
import { createHash } from 'node:crypto'

import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import type { AggregatedApi } from './cluster.ts'
import { reviewKinds } from './reviews.ts'

interface ApiResource {
  name: string
  singularName: string
  namespaced: boolean
  group?: string
  version?: string
  kind: string
  verbs: string[]
  shortNames?: string[]
  categories?: string[]
  storageVersionHash?: string
}

const SUBRESOURCE_VERBS = ['get', 'patch', 'update']

function storageHash({ group, kind, versions }: ResourceDefinition): string {
  const version = versions.find(({ storage }) => storage)?.name ?? ''
  const digest = createHash('sha256').update(`${group}/${version}/${kind}`).digest()
  return digest.subarray(0, 8).toString('base64')
}

/** Subresources beside status and scale that built-in kinds have here. */
const OTHER_SUBRESOURCES: Record<string, { name: string; verbs: string[] }[]> = {
  '/pods': [{ name: 'log', verbs: ['get'] }],
  '/namespaces': [{ name: 'finalize', verbs: ['update'] }],
}

function resourcesOf(definition: ResourceDefinition): ApiResource[] {
  const { group, plural, singular, namespaced, kind, shortNames, categories } = definition
  const sub = (name: string, more: Partial<ApiResource> = {}): ApiResource => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind,
    verbs: SUBRESOURCE_VERBS,
    ...more,
  })
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: definition.verbs,
      ...(shortNames.length ? { shortNames } : {}),
      ...(categories.length ? { categories } : {}),
      storageVersionHash: storageHash(definition),
    },
    ...(definition.statusSubresource ? [sub('status')] : []),
    ...(definition.scale
      ? [sub('scale', { group: 'autoscaling', version: 'v1', kind: 'Scale' })]
      : []),
    ...(OTHER_SUBRESOURCES[`${group}/${plural}`] ?? []).map(({ name, verbs }) =>
      sub(name, { verbs }),
    ),
  ]
}

export interface Discovery {
  groups(): string[]
  /** Versions of a group, the preferred one first. */
  versionsOf(group: string): string[]
  legacyRoot(address: string): object
  groupList(): object
  group(group: string): object | undefined
  resourceList(group: string, version: string): object | undefined
  /** Aggregated discovery of /api or /apis. */
  aggregated(core: boolean): { json: string; etag: string }
  paths(): string[]
}

/** `v1` before `v1beta1` before `v1alpha1`, as Kubernetes orders versions. */
function compareVersions(a: string, b: string): number {
  const rank = (version: string) => {
    const [, major = '0', stage = '', minor = '0'] =
      /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
    return [stage === '' ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)]
  }
  const [left, right] = [rank(a), rank(b)]
  const at = left.findIndex((value, index) => value !== right[index])
  return at < 0 ? 0 : (right[at] ?? 0) - (left[at] ?? 0)
}

export function createDiscovery(
  definitions: readonly ResourceDefinition[],
  aggregatedApis: () => readonly AggregatedApi[],
): Discovery {
  function catalogue(): Map<string, Map<string, ApiResource[]>> {
    const all = new Map<string, Map<string, ApiResource[]>>()
    const put = (group: string, version: string, resources: ApiResource[]) => {
      const versions = all.get(group) ?? new Map<string, ApiResource[]>()
      versions.set(version, [...(versions.get(version) ?? []), ...resources])
      all.set(group, versions)
    }
    for (const definition of definitions) {
      for (const { name, served } of definition.versions) {
        if (served) put(definition.group, name, resourcesOf(definition))
      }
    }
    for (const { group, plural, kind, namespaced } of reviewKinds) {
      const name = plural
      put(group, 'v1', [
        { name, singularName: kind.toLowerCase(), namespaced, kind, verbs: ['create'] },
      ])
    }
    for (const { group, versions, resources } of aggregatedApis()) {
      for (const version of versions) {
        put(
          group,
          version,
          resources.map(({ name, namespaced, kind = '', verbs = ['get', 'update'] }) => ({
            name,
            singularName: '',
            namespaced,
            kind,
            verbs,
          })),
        )
      }
    }
    return all
  }

  let cached: { apis: number; all: Map<string, Map<string, ApiResource[]>> } | undefined
  function all() {
    const apis = aggregatedApis().length
    if (cached?.apis !== apis) cached = { apis, all: catalogue() }
    return cached.all
  }

  const versionsOf = (group: string) =>
    [...(all().get(group)?.keys() ?? [])].toSorted(compareVersions)
  const groups = () => [...all().keys()].filter((group) => group !== '').toSorted()

  function groupObject(name: string) {
    const versions = versionsOf(name).map((version) => ({
      groupVersion: `${name}/${version}`,
      version,
    }))
    return { name, versions, preferredVersion: versions[0] }
  }

  function aggregatedResource(group: string, version: string, list: ApiResource[], name: string) {
    const main = list.find((resource) => resource.name === name)
    const responseKind = (resource: ApiResource) => ({
      group: resource.group ?? group,
      // The core group's version is left empty where it is the resource's own.
      version: resource.version ?? (group ? version : ''),
      kind: resource.kind,
    })
    const subresources = list
      .filter((resource) => resource.name.startsWith(`${name}/`))
      .map((resource) => ({
        subresource: resource.name.slice(name.length + 1),
        ...(resource.kind ? { responseKind: responseKind(resource) } : {}),
        verbs: resource.verbs,
      }))
    const first = main ?? list.find((resource) => resource.name.startsWith(`${name}/`))
    return {
      resource: name,
      ...(main
        ? { responseKind: responseKind(main) }
        : { responseKind: { group: '', version: '', kind: '' } }),
      scope: first?.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: main?.singularName ?? '',
      verbs: main?.verbs ?? [],
      ...(main?.shortNames ? { shortNames: main.shortNames } : {}),
      ...(main?.categories ? { categories: main.categories } : {}),
      ...(subresources.length ? { subresources } : {}),
    }
  }

  function aggregatedGroup(group: string) {
    return {
      metadata: group ? { name: group, creationTimestamp: null } : { creationTimestamp: null },
      versions: versionsOf(group).map((version) => {
        const list = all().get(group)?.get(version) ?? []
        const names = [...new Set(list.map(({ name }) => name.split('/')[0] ?? ''))]
        return {
          version,
          resources: names.map((name) => aggregatedResource(group, version, list, name)),
          freshness: 'Current',
        }
      }),
    }
  }

  return {
    groups,
    versionsOf,
    legacyRoot: (address) => ({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
    }),
    groupList: () => ({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups().map(groupObject),
    }),
    group: (name) =>
      name !== '' && all().has(name)
        ? { kind: 'APIGroup', apiVersion: 'v1', ...groupObject(name) }
        : undefined,
    resourceList(group, version) {
      const resources = all().get(group)?.get(version)
      if (!resources) return undefined
      const groupVersion = group ? `${group}/${version}` : version
      // Only the core group's list, as old as it is, has no apiVersion of its own.
      return group
        ? { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources }
        : { kind: 'APIResourceList', groupVersion, resources }
    },
    aggregated(core) {
      const items = (core ? [''] : groups()).map(aggregatedGroup)
      const json = JSON.stringify({
        kind: 'APIGroupDiscoveryList',
        apiVersion: 'apidiscovery.k8s.io/v2',
        metadata: {},
        items,
      })
      const hash = createHash('sha512').update(json).digest('hex').toUpperCase()
      return { json, etag: `"${hash}"` }
    },
    paths() {
      const served = groups().flatMap((group) => [
        `/apis/${group}`,
        ...versionsOf(group).map((version) => `/apis/${group}/${version}`),
      ])
      return [
        '/api',
        '/api/v1',
        '/apis',
        '/apis/',
        ...served,
        '/healthz',
        '/livez',
        '/openapi/v2',
        '/openapi/v3',
        '/openapi/v3/',
        '/readyz',
        '/version',
      ]
    },
  }
}
