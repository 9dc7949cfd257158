import { mapCauses, type FieldRule } from '../../../kube/admission-fields.ts'
import type { KubeClient } from '../../../kube/client.ts'
import { virtualMachineKind } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { readableChanges, valueChanges } from '../../../kube/value-diff.ts'
import type { FormStep } from '../../ui/form-shell/form-step.ts'
import type { Draft } from './draft/draft.ts'
import { vmOf } from './draft/nics.ts'

/**
 * A change of the draft, as a form sends it. On trial the cluster is asked to make a VM of what the
 * draft would be, under any name that is free; only what it says of the form's own fields counts,
 * for other parts of the VM have their own steps.
 */
export function draftStep<F extends string>(
  client: KubeClient,
  base: Draft,
  next: Draft,
  { body, rules, onSaved }: { body: object; rules: readonly FieldRule<F>[]; onSaved: () => void },
): FormStep<F> {
  return {
    title: 'Change of the VM to be created',
    body,
    changes: () => readableChanges(valueChanges(vmOf(base), vmOf(next))),
    rules,
    async send({ dryRun, ...options }) {
      if (!dryRun) return onSaved()
      const { name: _, namespace = '', ...metadata } = vmOf(next).metadata
      if (namespace === '') return
      const manifest = { ...next.vm, metadata: { ...metadata, generateName: 'draft-' } }
      try {
        await client.create(virtualMachineKind, namespace, manifest, { dryRun, ...options })
      } catch (cause) {
        if (!(cause instanceof KubeError)) throw cause
        const causes = cause.causes.filter((one) => isAbout(one, rules))
        if (causes.length > 0) throw new KubeError(cause.code, '', { causes })
      }
    },
  }
}

function isAbout<F extends string>(
  cause: KubeError['causes'][number],
  rules: readonly FieldRule<F>[],
): boolean {
  const { fields } = mapCauses(new KubeError(422, '', { causes: [cause] }), rules)
  return Object.keys(fields).length > 0
}
