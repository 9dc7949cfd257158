import { Alert } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import type { FieldValues } from 'react-hook-form'
import { useNavigate } from 'react-router'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import { objectPatch } from '../../../kube/object-patch.ts'
import { isDeployedByKubeVirt } from '../../../kube/profile-words.ts'
import { useKube } from '../../data/host-context.tsx'
import { createStep, patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { ManifestEditor } from '../../ui/manifest-form/ManifestEditor.tsx'
import { useManifestForm, type ManifestFields } from '../../ui/manifest-form/use-manifest-form.ts'
import { objectPagePath } from '../../ui/page-paths.ts'
import { kindIn, profileOf, singular } from './profile-kinds.ts'
import { manifestOf, type ProfileManifest } from './profile-manifest.ts'

type Rendered<V extends FieldValues, S> = (
  form: ReturnType<typeof useManifestForm<V, ProfileManifest<S>>>,
) => ReactNode

interface ProfileDialogProps<V extends FieldValues, S> {
  kind: ResourceKind
  fields: ManifestFields<V, ProfileManifest<S>>
  rules: readonly FieldRule<Extract<keyof V, string>>[]
  renderFields: Rendered<V, S>
  onClose: () => void
}

/** Creates an instance type or preference from a manifest to begin with. */
export function CreateProfileDialog<V extends FieldValues, S>({
  kind,
  title,
  initial,
  fields,
  rules,
  renderFields,
  onClose,
}: ProfileDialogProps<V, S> & { title: string; initial: ProfileManifest<S> }) {
  const client = useKube()
  const navigate = useNavigate()
  const state = useManifestForm(fields, initial)
  const { form, manifest, isComplete, isTyped, change } = state
  const made = kindIn(profileOf(kind), manifest.metadata.namespace)
  return (
    <FormShell
      title={title}
      form={form}
      isWide
      isChangedBeside={isTyped}
      steps={
        isComplete
          ? [
              createStep(client, made, manifest, rules, ({ metadata: { name, namespace } }) => {
                const ref = namespace === undefined ? { name } : { namespace, name }
                void navigate(objectPagePath(made, ref))
              }),
            ]
          : undefined
      }
      effect={{ when: 'now', sentence: 'No VM has it until one names it.' }}
      submitLabel={`Create ${singular(profileOf(kind))}`}
      onReload={async () => undefined}
      onClose={onClose}
    >
      <div className="kc-form-beside">
        <div className="kc-form-column">{renderFields(state)}</div>
        <ManifestEditor manifest={manifest} onChange={change} />
      </div>
    </FormShell>
  )
}

/** Changes an instance type or preference; VMs that have it keep their copy. */
export function EditProfileDialog<V extends FieldValues, S, T extends KubeObject & { spec?: S }>({
  kind,
  object,
  fields,
  rules,
  renderFields,
  onClose,
}: ProfileDialogProps<V, S> & { object: T }) {
  const client = useKube()
  const { base, reload, changes } = useFormBase<KubeObject & { spec?: S }>(
    kind as ResourceKind<KubeObject & { spec?: S }>,
    object,
  )
  const state = useManifestForm(fields, manifestOf<S>(kind, object))
  const { form, manifest, isComplete, isTyped, change } = state
  const patch = objectPatch(manifestOf<S>(kind, base), manifest)
  return (
    <FormShell
      title={`Edit ${singular(profileOf(kind))} ${object.metadata.name}`}
      form={form}
      isWide
      isChangedBeside={isTyped}
      steps={
        isComplete && patch.length > 0 ? [patchStep(client, kind, base, patch, rules)] : undefined
      }
      effect={{
        when: 'now',
        sentence:
          'For VMs that are made from now on. Each VM that there is keeps the copy it was made with (a ControllerRevision), also when it restarts.',
      }}
      submitLabel="Save"
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      {isDeployedByKubeVirt(object) && (
        <Alert isInline component="p" variant="warning" title="KubeVirt puts it back as it was">
          It comes with KubeVirt, whose operator undoes changes. Clone it and change the copy.
        </Alert>
      )}
      <div className="kc-form-beside">
        <div className="kc-form-column">{renderFields(state)}</div>
        <ManifestEditor manifest={manifest} onChange={change} />
      </div>
    </FormShell>
  )
}
