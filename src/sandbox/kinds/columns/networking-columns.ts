/**
 * Columns of the networking kinds, as kube-apiserver prints them.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/printers/internalversion/printers.go
 */
import type { KubeObject } from '../../api/cluster.ts'
import { ageColumn, at, column, list, selectorText, text } from './cells.ts'

const networking = 'io.k8s.api.networking.v1.'

const shownHosts = 3

function ingressHosts(ingress: KubeObject): string {
  const hosts = list(ingress, 'spec', 'rules').flatMap((rule) => text(rule, 'host') || [])
  const more = hosts.length - shownHosts
  if (more > 0) return `${hosts.slice(0, shownHosts).join(',')} + ${more} more...`
  return hosts.join(',') || '*'
}

export const ingressColumns = [
  column(
    'Class',
    'string',
    'The name of the IngressClass resource that should be used for additional configuration',
    (o) => text(o, 'spec', 'ingressClassName') || '<none>',
  ),
  column('Hosts', 'string', 'Hosts that incoming requests are matched against', ingressHosts),
  column('Address', 'string', 'Address is a list containing ingress points', (o) =>
    list(o, 'status', 'loadBalancer', 'ingress')
      .map((entry) => text(entry, 'ip') || text(entry, 'hostname'))
      .join(','),
  ),
  column('Ports', 'string', 'Ports of TLS configurations that open', (o) =>
    at(o, 'spec', 'tls') === undefined ? '80' : '80, 443',
  ),
  ageColumn,
]

export const networkPolicyColumns = [
  column('Pod-Selector', 'string', [`${networking}NetworkPolicySpec`, 'podSelector'], (o) =>
    selectorText(at(o, 'spec', 'podSelector')),
  ),
  ageColumn,
]
