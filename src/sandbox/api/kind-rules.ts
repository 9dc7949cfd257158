/**
 * What kube-apiserver's registries do beyond the schema for some built-in kinds: fields they set on
 * create, and their own validation.
 * https://github.com/kubernetes/kubernetes/tree/v1.35.0/pkg/registry/core
 */
import { randomInt } from 'node:crypto'

import type { KubeObject, ResourceKey } from './cluster.ts'
import { type FieldError, forbiddenField, invalidValue, required } from './failures.ts'
import { type JsonObject, deepEqual, isObject } from './json-values.ts'

export interface KindRules {
  /** Completes a new object; what is already set stays. */
  prepare?(object: KubeObject): void
  /** What the server gives of its own; nobody manages these fields. */
  allocate?(object: KubeObject): void
  /** Carries over what an update may not touch. */
  carryOver?(next: KubeObject, old: KubeObject): void
  /** Findings; `old` is there on update. */
  validate?(object: KubeObject, old: KubeObject | undefined): FieldError[]
  /** Values that Go's decoder refuses with 400, in its words. */
  decode?(object: KubeObject): string | undefined
}

const member = (object: JsonObject, key: string): JsonObject => {
  const found = object[key]
  if (isObject(found)) return found
  return (object[key] = {} as JsonObject)
}
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const fill = (target: JsonObject, defaults: JsonObject) => {
  for (const [key, value] of Object.entries(defaults)) {
    if (target[key] === undefined) target[key] = value
  }
}

const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/
const configKeyErrors = (data: unknown, field: string): FieldError[] =>
  Object.keys(isObject(data) ? data : {})
    .filter((key) => !CONFIG_KEY.test(key))
    .map((key) =>
      invalidValue(
        `${field}[${key}]`,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ),
    )

const namespaces: KindRules = {
  prepare(object) {
    const labels = (object.metadata.labels ??= {})
    labels['kubernetes.io/metadata.name'] = object.metadata.name
    fill(member(object, 'spec'), { finalizers: ['kubernetes'] })
    fill(member(object, 'status'), { phase: 'Active' })
  },
  carryOver(next, old) {
    next['spec'] = old['spec']
    const labels = (next.metadata.labels ??= {})
    labels['kubernetes.io/metadata.name'] = next.metadata.name
  },
}

const configMaps: KindRules = {
  validate: (object, old) => [
    ...(old?.['immutable'] === true && !deepEqual(old['data'], object['data'])
      ? [forbiddenField('data', 'field is immutable when `immutable` is set')]
      : []),
    ...configKeyErrors(object['data'], 'data'),
    ...configKeyErrors(object['binaryData'], 'binaryData'),
  ],
}

const SECRET_KEYS: Record<string, string[]> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
}

const secrets: KindRules = {
  prepare(object) {
    fill(object, { type: 'Opaque' })
    encodeStringData(object)
  },
  carryOver: (next) => encodeStringData(next),
  validate(object, old) {
    const type = String(object['type'])
    const data = isObject(object['data']) ? object['data'] : {}
    return [
      ...(old && old['type'] !== object['type']
        ? [invalidValue('type', object['type'], 'field is immutable')]
        : []),
      ...(SECRET_KEYS[type] ?? [])
        .filter((key) => !(key in data))
        .map((key) => required(`data[${key}]`)),
      ...configKeyErrors(data, 'data'),
    ]
  },
}

function encodeStringData(object: KubeObject): void {
  const plain = object['stringData']
  if (!isObject(plain)) return
  const data = member(object, 'data')
  for (const [key, value] of Object.entries(plain)) {
    data[key] = Buffer.from(String(value)).toString('base64')
  }
  delete object['stringData']
}

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const SUFFIX = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?$/

/** The refusal of a resource quantity, in the words of apimachinery, or undefined. */
function quantityProblem(text: unknown): string | undefined {
  if (typeof text === 'number' || (typeof text === 'string' && SUFFIX.test(text))) return undefined
  return typeof text === 'string' && QUANTITY.test(text) && !text.endsWith('s')
    ? "unable to parse quantity's suffix"
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
}

const claims: KindRules = {
  prepare(object) {
    fill(member(object, 'spec'), { volumeMode: 'Filesystem' })
    fill(member(object, 'status'), { phase: 'Pending' })
  },
  decode(object) {
    const { resources } = member({ ...object }, 'spec') as { resources?: unknown }
    const requests = isObject(resources) ? resources['requests'] : undefined
    return Object.values(isObject(requests) ? requests : {})
      .map(quantityProblem)
      .find((problem) => problem !== undefined)
  },
  validate(object, old) {
    const spec = member({ ...object }, 'spec')
    const requests = isObject(spec['resources']) ? spec['resources']['requests'] : undefined
    const errors: FieldError[] = []
    if (!list(spec['accessModes']).length) {
      errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
    }
    if (!isObject(requests) || requests['storage'] === undefined) {
      errors.push(required('spec.resources[storage]'))
    }
    if (old) errors.push(...claimUpdateErrors(spec, member({ ...old }, 'spec'), old))
    return errors
  },
}

function claimUpdateErrors(next: JsonObject, before: JsonObject, old: KubeObject): FieldError[] {
  const status = isObject(old['status']) ? old['status'] : {}
  const bound = status['phase'] === 'Bound'
  const ignoring = (spec: JsonObject) => {
    const { volumeAttributesClassName: _class, volumeName, ...rest } = spec
    const resources = isObject(rest['resources']) ? rest['resources'] : {}
    const { requests, ...others } = resources
    return {
      ...rest,
      resources: bound ? others : { ...others, requests },
      // The binder may fill in an empty volume name.
      ...(before['volumeName'] ? { volumeName } : {}),
      ...(before['storageClassName'] === undefined ? { storageClassName: undefined } : {}),
    }
  }
  if (deepEqual(ignoring(next), ignoring(before))) return []
  return [
    forbiddenField(
      'spec',
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${specDifference(before, next)}`,
    ),
  ]
}

/** The changed lines of two specs, in the manner of a unified diff. */
function specDifference(before: JsonObject, next: JsonObject): string {
  const lines = (value: JsonObject) => JSON.stringify(value, undefined, 1).split('\n')
  const [old, now] = [lines(before), lines(next)]
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
    '',
  ].join('\n')
}

const serviceAddress = () => `10.96.${randomInt(1, 255)}.${randomInt(1, 255)}`

const services: KindRules = {
  prepare(object) {
    const spec = member(object, 'spec')
    fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
    if (spec['type'] !== 'ExternalName') fill(spec, { internalTrafficPolicy: 'Cluster' })
    const external = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer'
    if (external) fill(spec, { externalTrafficPolicy: 'Cluster' })
    for (const port of list(spec['ports']).filter(isObject)) {
      fill(port, { protocol: 'TCP', targetPort: port['port'] })
    }
    fill(member(object, 'status'), { loadBalancer: {} })
  },
  allocate(object) {
    const spec = member(object, 'spec')
    if (spec['type'] === 'ExternalName') return
    if (!spec['clusterIP']) spec['clusterIP'] = serviceAddress()
    fill(spec, {
      clusterIPs: [spec['clusterIP']],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    })
    if (spec['type'] === 'ClusterIP') return
    for (const port of list(spec['ports']).filter(isObject)) {
      fill(port, { nodePort: randomInt(30_000, 32_768) })
    }
  },
  carryOver(next, old) {
    const spec = member(next, 'spec')
    const before = member({ ...old }, 'spec')
    if (spec['type'] !== 'ExternalName') {
      fill(spec, {
        clusterIP: before['clusterIP'],
        clusterIPs: before['clusterIPs'],
        ipFamilies: before['ipFamilies'],
        ipFamilyPolicy: before['ipFamilyPolicy'],
      })
    }
    services.prepare?.(next)
    services.allocate?.(next)
  },
  validate(object) {
    const spec = member({ ...object }, 'spec')
    const ports = list(spec['ports']).filter(isObject)
    const range = 'must be between 1 and 65535, inclusive'
    const isPort = (value: unknown) =>
      Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536
    return [
      ...(ports.length || spec['clusterIP'] === 'None' || spec['type'] === 'ExternalName'
        ? []
        : [required('spec.ports')]),
      ...ports.flatMap(({ port, targetPort }, index) => [
        ...(isPort(port) ? [] : [invalidValue(`spec.ports[${index}].port`, port, range)]),
        ...(typeof targetPort === 'string' || isPort(targetPort)
          ? []
          : [invalidValue(`spec.ports[${index}].targetPort`, targetPort, range)]),
      ]),
    ]
  },
}

const containerDefaults = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
}

const pods: KindRules = {
  prepare(object) {
    const spec = member(object, 'spec')
    fill(spec, {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
    })
    for (const container of [...list(spec['containers']), ...list(spec['initContainers'])]) {
      if (!isObject(container)) continue
      const latest = /(?::latest|^[^:@]*(?:\/[^:@]*)*)$/.test(String(container['image']))
      fill(container, { ...containerDefaults, imagePullPolicy: latest ? 'Always' : 'IfNotPresent' })
    }
    fill(member(object, 'status'), { phase: 'Pending', qosClass: 'BestEffort' })
  },
  allocate(object) {
    fill(member(object, 'spec'), {
      serviceAccountName: 'default',
      serviceAccount: 'default',
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
    })
  },
  validate: (object) =>
    list(member({ ...object }, 'spec')['containers']).length ? [] : [required('spec.containers')],
}

const events: KindRules = {
  allocate: (object) =>
    fill(object, { eventTime: null, reportingComponent: '', reportingInstance: '' }),
  validate(object) {
    const about = isObject(object['involvedObject']) ? object['involvedObject'] : {}
    const namespace = about['namespace'] ?? ''
    const home = object.metadata.namespace
    const matches = namespace === home || (namespace === '' && home === 'default')
    return matches
      ? []
      : [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')]
  },
}

const volumes: KindRules = {
  prepare(object) {
    fill(member(object, 'spec'), {
      volumeMode: 'Filesystem',
      persistentVolumeReclaimPolicy: 'Retain',
    })
    fill(member(object, 'status'), { phase: 'Pending' })
  },
}

const storageClasses: KindRules = {
  prepare: (object) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
}

export const kindRules: Partial<Record<ResourceKey, KindRules>> = {
  '/namespaces': namespaces,
  '/configmaps': configMaps,
  '/secrets': secrets,
  '/persistentvolumeclaims': claims,
  '/persistentvolumes': volumes,
  '/services': services,
  '/pods': pods,
  '/events': events,
  'storage.k8s.io/storageclasses': storageClasses,
}
