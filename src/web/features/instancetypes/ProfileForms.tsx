/** The dialogs of instance types and of preferences, each with its own fields. */
import type { Instancetype, Preference, ResourceKind } from '../../../kube/kinds.ts'
import {
  instancetypeFields,
  instancetypeRules,
  newInstancetypeSpec,
  type InstancetypeManifest,
} from './instancetype-form.ts'
import { InstancetypeFields } from './InstancetypeFields.tsx'
import {
  newPreferenceSpec,
  preferenceFields,
  preferenceRules,
  type PreferenceManifest,
} from './preference-form.ts'
import { PreferenceFields } from './PreferenceFields.tsx'
import { profileOf, singular } from './profile-kinds.ts'
import { copyOf, newManifest } from './profile-manifest.ts'
import { CreateProfileDialog, EditProfileDialog } from './ProfileDialogs.tsx'
import { ProfileNamespaceField } from './ProfileNamespaceField.tsx'

interface CreateFormProps {
  kind: ResourceKind
  /** Empty for the cluster's own. */
  namespace: string
  /** The one to begin as. */
  original?: Instancetype | Preference
  onClose: () => void
}

/** Creates one, or a copy of one. */
export function CreateProfileForm({ kind, namespace, original, onClose }: CreateFormProps) {
  const where = namespace === '' ? '' : ` in ${namespace}`
  const title = original
    ? `Clone ${original.metadata.name}`
    : `Create ${singular(profileOf(kind))}${where}`
  const copyName = original && `${original.metadata.name}-copy`
  const props = { kind, title, onClose }
  if (profileOf(kind).what === 'instancetype')
    return (
      <CreateProfileDialog
        {...props}
        fields={instancetypeFields}
        rules={instancetypeRules}
        initial={
          copyName === undefined
            ? newManifest(kind, namespace, newInstancetypeSpec)
            : (copyOf(kind, original as Instancetype, copyName) as InstancetypeManifest)
        }
        renderFields={({ form }) => (
          <>
            {original && <ProfileNamespaceField kind={kind} form={form} />}
            <InstancetypeFields form={form} isNew />
          </>
        )}
      />
    )
  return (
    <CreateProfileDialog
      {...props}
      fields={preferenceFields}
      rules={preferenceRules}
      initial={
        copyName === undefined
          ? newManifest(kind, namespace, newPreferenceSpec)
          : (copyOf(kind, original as Preference, copyName) as PreferenceManifest)
      }
      renderFields={({ form, values }) => (
        <>
          {original && <ProfileNamespaceField kind={kind} form={form} />}
          <PreferenceFields form={form} values={values} isNew />
        </>
      )}
    />
  )
}

export function EditProfileForm({
  kind,
  object,
  onClose,
}: {
  kind: ResourceKind
  object: Instancetype | Preference
  onClose: () => void
}) {
  if (profileOf(kind).what === 'instancetype')
    return (
      <EditProfileDialog
        kind={kind}
        object={object as Instancetype}
        fields={instancetypeFields}
        rules={instancetypeRules}
        renderFields={({ form }) => <InstancetypeFields form={form} isNew={false} />}
        onClose={onClose}
      />
    )
  return (
    <EditProfileDialog
      kind={kind}
      object={object as Preference}
      fields={preferenceFields}
      rules={preferenceRules}
      renderFields={({ form, values }) => (
        <PreferenceFields form={form} values={values} isNew={false} />
      )}
      onClose={onClose}
    />
  )
}
