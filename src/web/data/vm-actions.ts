/** The actions on a VM or VMI: what can be done now, why not, and doing it. */
import { useMutation, useQuery } from '@tanstack/react-query'

import type { KubeClient } from '../../kube/client.ts'
import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { VmFacts, VmiFacts } from '../../kube/vm-facts.ts'
import { vmActionRules, type VmActionId, type VmActionRule } from '../../kube/vm-state.ts'
import { fetchAccess, useDenial, type Access, type AccessAttributes } from './access.ts'
import { useAnswers, useHost, useKube } from './host-context.tsx'

export interface VmAction {
  id: VmActionId
  label: string
  /** Why it can't be done; absent when it can. */
  disabledReason?: string
  isPending: boolean
  /** Does it without asking. Throws KubeError. */
  perform: () => Promise<void>
}

function actedKind(rule: VmActionRule, vm: VmFacts | undefined) {
  return rule.id === 'delete' && !vm ? virtualMachineInstanceKind : rule.kind
}

function neededAccess(
  rule: VmActionRule,
  vm: VmFacts | undefined,
  namespace: string | undefined,
): AccessAttributes {
  const kind = actedKind(rule, vm)
  return {
    ...(rule.subresource === undefined
      ? { verb: 'delete', group: kind.group, resource: kind.plural }
      : {
          verb: 'update',
          group: 'subresources.kubevirt.io',
          resource: kind.plural,
          subresource: rule.subresource,
        }),
    ...(namespace !== undefined && { namespace }),
  }
}

interface Deed {
  rule: VmActionRule
  vm: VmFacts | undefined
  vmi: VmiFacts | undefined
}

async function perform(client: KubeClient, { rule, vm, vmi }: Deed): Promise<void> {
  const object = vm ?? vmi
  const { name, namespace = '', uid } = object?.metadata ?? { name: '', uid: '' }
  const ref = { namespace, name }
  const kind = actedKind(rule, vm)
  if (rule.subresource === undefined) await client.delete(kind, ref, { uid })
  else await client.act(kind, ref, rule.subresource, rule.body)
}

/** Whoever may do none of it in a namespace is told once per namespace, not once per row. */
function useActionAccess(vm: VmFacts | undefined, namespace: string | undefined) {
  const client = useKube()
  const queryClient = useAnswers()
  const { user } = useHost().session
  const isStandalone = vm === undefined
  return useQuery(
    {
      queryKey: ['vm-actions', user, namespace, isStandalone],
      queryFn: async () => {
        const answers = await Promise.all(
          vmActionRules.map(async (rule): Promise<[VmActionId, Access]> => {
            const attributes = neededAccess(rule, vm, namespace)
            return [rule.id, await fetchAccess(queryClient, client, user, attributes)]
          }),
        )
        return Object.fromEntries(answers) as Record<VmActionId, Access>
      },
      staleTime: 60_000,
      enabled: namespace !== undefined,
    },
    queryClient,
  ).data
}

/** Every action in menu order; those that can't be done say why. */
export function useVmActions(vm: VmFacts | undefined, vmi: VmiFacts | undefined): VmAction[] {
  const client = useKube()
  const { namespace } = (vm ?? vmi)?.metadata ?? {}
  const access = useActionAccess(vm, namespace)
  const mutation = useMutation<void, KubeError, Deed>(
    { mutationFn: (deed) => perform(client, deed) },
    useAnswers(),
  )

  return vmActionRules.map((rule) => {
    const disabledReason =
      namespace === undefined
        ? 'Not loaded yet.'
        : (rule.refusal(vm, vmi) ??
          (access?.[rule.id].allowed === false ? access[rule.id].reason : undefined))
    return {
      id: rule.id,
      label: rule.label,
      ...(disabledReason !== undefined && { disabledReason }),
      isPending: mutation.isPending && mutation.variables.rule.id === rule.id,
      // What is done is done to what was shown when it was asked for, and to no namesake.
      perform: () => mutation.mutateAsync({ rule, vm, vmi }),
    }
  })
}

/** Why what a VM is made of can't be changed now; undefined while unknown, and when it can. */
export function useChangeRefusal(vm: Pick<VmFacts, 'metadata'> | undefined): string | undefined {
  const { group, plural } = virtualMachineKind
  const { name, namespace = '', deletionTimestamp } = vm?.metadata ?? {}
  const denial = useDenial(
    name === undefined ? undefined : { verb: 'patch', group, resource: plural, namespace, name },
  )
  return deletionTimestamp === undefined ? denial : 'The VM is being deleted.'
}
