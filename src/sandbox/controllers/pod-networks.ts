/**
 * What Multus says of the networks that a pod asks for in its annotation, before its containers are
 * created.
 * https://github.com/k8snetworkplumbingwg/multus-cni/blob/v4.2.2/pkg/k8sclient/k8sclient.go
 * https://github.com/k8snetworkplumbingwg/network-attachment-definition-client/blob/v1.7.7/pkg/utils/cniconfig.go
 */
import { createHash } from 'node:crypto'

import type { KubeObject, Store } from '../api/cluster.ts'
import { readJson } from '../api/go-json.ts'
import { keys, type Pod } from '../kubevirt/objects.ts'

const networksAnnotation = 'k8s.v1.cni.cncf.io/networks'

/** A network that a pod asks for, and the interface it has there. */
export interface Selection {
  name: string
  namespace: string
  interface?: string
  mac?: string
}

export interface NetworkProblem {
  /** The event that Multus itself records; there is one for a missing definition only. */
  noNetwork?: string
  /** The kubelet's event, which quotes the runtime, which quotes Multus. */
  sandbox: string
}

export function selectionsOf(pod: Pod): Selection[] {
  const annotation = pod.metadata.annotations?.[networksAnnotation]
  return annotation?.startsWith('[') ? (JSON.parse(annotation) as Selection[]) : []
}

/** Has a pod that runs ask for one network more, as virt-controller does for a new interface. */
export function addSelection({ metadata }: Pod, selections: readonly Selection[]): void {
  metadata.annotations = {
    ...metadata.annotations,
    [networksAnnotation]: JSON.stringify(selections),
  }
}

/** Why the pod's networks can't be set up; undefined when they can. */
export function networkProblem(store: Store, pod: Pod): NetworkProblem | undefined {
  if (!hasMultus(store)) return undefined
  for (const selection of selectionsOf(pod)) {
    const problem = selectionProblem(store, selection)
    if (problem)
      return {
        ...(problem.isMissing && { noNetwork: problem.words }),
        sandbox: sandboxWords(
          pod,
          problem.isMissing ? `getKubernetesDelegate: ${problem.words}` : problem.words,
        ),
      }
  }
  return undefined
}

/** Without Multus nobody reads the annotation. */
export function hasMultus(store: Store): boolean {
  const name = 'network-attachment-definitions.k8s.cni.cncf.io'
  return store.get('apiextensions.k8s.io/customresourcedefinitions', undefined, name) !== undefined
}

/** Why one network can't be had, in Multus' words. */
export function selectionProblem(
  store: Store,
  { namespace, name }: Selection,
): { isMissing: boolean; words: string } | undefined {
  const definition = store.get<KubeObject & { spec?: { config?: string } }>(
    keys.nad,
    namespace,
    name,
  )
  if (!definition)
    return {
      isMissing: true,
      words: `cannot find a network-attachment-definition (${name}) in namespace (${namespace}): network-attachment-definitions.k8s.cni.cncf.io "${name}" not found`,
    }
  const { config = '' } = definition.spec ?? {}
  // Empty: the plugin's configuration is a file on the node.
  if (config === '') return undefined
  try {
    readJson(config)
    return undefined
  } catch (cause) {
    return {
      isMissing: false,
      words: `GetCNIConfig: err in GetCNIConfigFromSpec: GetCNIConfigFromSpec: failed to unmarshal Spec.Config: ${(cause as Error).message}`,
    }
  }
}

/** From the inside out: Multus' delegate, its daemon, the shim the runtime calls, the kubelet. */
function sandboxWords({ metadata: { namespace, name, uid } }: Pod, delegate: string): string {
  const id = createHash('sha256').update(uid).digest('hex')
  const multus = `Multus: [${namespace}/${name}/${uid}]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: ${delegate}`
  const request = `ContainerID:"${id}" Netns:"/var/run/netns/${uid}" IfName:"eth0" Args:"IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name};K8S_POD_INFRA_CONTAINER_ID=${id};K8S_POD_UID=${uid}" Path:""`
  return `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: '${request} ERRORED: error configuring pod [${namespace}/${name}] networking: ${multus}'`
}
