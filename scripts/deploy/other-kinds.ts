/**
 * Kinds that the sandbox doesn't serve, since nothing in it would act on them: what of each the
 * manifests may use, strictly, so that a misspelt field is found here and not in a cluster.
 *
 * - https://github.com/kubernetes-sigs/gateway-api/tree/v1.4.0/apis/v1
 * - https://github.com/prometheus-operator/prometheus-operator/blob/v0.86.0/pkg/apis/monitoring/v1/podmonitor_types.go
 * - https://github.com/openshift/api/blob/release-4.22/console/v1/types_console_plugin.go
 */
import { z } from 'zod'

const metadata = z.looseObject({ name: z.string(), namespace: z.string() })
const host = z
  .string()
  .regex(/^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/)
const port = z.int().min(1).max(65_535)
/** GEP-2257 */
const duration = z.string().regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/)
const labels = z.record(z.string(), z.string())

function kind<T extends z.ZodType>(apiVersion: string, name: string, spec: T) {
  return z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(name),
    metadata,
    spec,
  })
}

const listener = z.strictObject({
  name: z.string(),
  hostname: host.optional(),
  port,
  protocol: z.enum(['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP']),
  tls: z
    .strictObject({
      mode: z.enum(['Terminate', 'Passthrough']),
      certificateRefs: z.array(z.strictObject({ name: z.string() })).min(1),
    })
    .optional(),
})

const redirect = z.strictObject({
  type: z.literal('RequestRedirect'),
  requestRedirect: z.strictObject({
    scheme: z.enum(['http', 'https']),
    statusCode: z.union([z.literal(301), z.literal(302)]),
  }),
})

const route = z.strictObject({
  parentRefs: z.array(
    z.strictObject({
      name: z.string(),
      namespace: z.string().optional(),
      sectionName: z.string().optional(),
    }),
  ),
  hostnames: z.array(host),
  rules: z.array(
    z.strictObject({
      filters: z.array(redirect).optional(),
      backendRefs: z.array(z.strictObject({ name: z.string(), port })).optional(),
      timeouts: z.strictObject({ request: duration, backendRequest: duration }).optional(),
    }),
  ),
})

const podMonitor = z.strictObject({
  selector: z.strictObject({ matchLabels: labels }),
  podMetricsEndpoints: z.array(
    z.strictObject({ port: z.string(), path: z.string().startsWith('/'), interval: duration }),
  ),
})

const service = z.strictObject({ name: z.string(), namespace: z.string(), port })

const consolePlugin = z.strictObject({
  displayName: z.string().min(1).max(128),
  i18n: z.strictObject({ loadType: z.enum(['Preload', 'Lazy', '']) }).optional(),
  backend: z.strictObject({
    type: z.literal('Service'),
    service: service.extend({ basePath: z.string().startsWith('/').optional() }),
  }),
  proxy: z
    .array(
      z.strictObject({
        alias: z.string().regex(/^[A-Za-z0-9-_]{1,128}$/),
        authorization: z.enum(['UserToken', 'None']).optional(),
        caCertificate: z.string().startsWith('-----BEGIN CERTIFICATE-----').optional(),
        endpoint: z.strictObject({ type: z.literal('Service'), service }),
      }),
    )
    .optional(),
  contentSecurityPolicy: z
    .array(
      z.strictObject({
        directive: z.enum([
          'DefaultSrc',
          'ScriptSrc',
          'StyleSrc',
          'ImgSrc',
          'FontSrc',
          'ConnectSrc',
        ]),
        values: z.array(z.string().regex(/^[^*'",;\s]+$/)).max(16),
      }),
    )
    .optional(),
})

/** By `apiVersion kind`. */
export const otherKinds: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  [
    'gateway.networking.k8s.io/v1 Gateway',
    kind(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      z.strictObject({ gatewayClassName: z.string().min(1), listeners: z.array(listener).min(1) }),
    ),
  ],
  [
    'gateway.networking.k8s.io/v1 HTTPRoute',
    kind('gateway.networking.k8s.io/v1', 'HTTPRoute', route),
  ],
  [
    'console.openshift.io/v1 ConsolePlugin',
    z.strictObject({
      apiVersion: z.literal('console.openshift.io/v1'),
      kind: z.literal('ConsolePlugin'),
      metadata: z.looseObject({ name: z.string() }),
      spec: consolePlugin,
    }),
  ],
  [
    'monitoring.coreos.com/v1 PodMonitor',
    kind('monitoring.coreos.com/v1', 'PodMonitor', podMonitor),
  ],
])
