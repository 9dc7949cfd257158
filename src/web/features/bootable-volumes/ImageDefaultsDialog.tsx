import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { architectureLabel } from '../../../kube/bootable-volume.ts'
import { dataSourceKind, type DataSource } from '../../../kube/kinds.ts'
import { recommendationPatch, recommendations } from '../../../kube/recommendations.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { ImageDefaultsFields } from './ImageDefaultsFields.tsx'
import { profileFromText, profileText } from './profile-choices.ts'

const schema = z.object({
  instancetype: z.string(),
  preference: z.string(),
  architecture: z.string(),
})

type Values = z.infer<typeof schema>

function valuesOf(dataSource: DataSource): Values {
  const { instancetype, preference } = recommendations(dataSource)
  return {
    instancetype: profileText(instancetype),
    preference: profileText(preference),
    architecture: dataSource.metadata.labels?.[architectureLabel] ?? '',
  }
}

/** Changes what new VMs from an image are given, by its labels. */
export function ImageDefaultsDialog({
  dataSource,
  onClose,
}: {
  dataSource: DataSource
  onClose: () => void
}) {
  const client = useKube()
  const { base, reload } = useFormBase(dataSourceKind, dataSource)
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: valuesOf(dataSource),
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const { namespace = '', name } = dataSource.metadata
  const patch = labelPatch(base, values)
  return (
    <FormShell
      title={`Defaults of ${name}`}
      form={form}
      steps={patch && [patchStep(client, dataSourceKind, base, patch, [])]}
      effect={{
        when: 'now',
        sentence: 'It is for VMs that are made from now on; those that there are keep theirs.',
      }}
      submitLabel="Save"
      onReload={reload}
      onClose={onClose}
    >
      <ImageDefaultsFields form={form} namespace={namespace} />
    </FormShell>
  )
}

/** A merge patch of the labels that differ; undefined where none does. */
function labelPatch({ metadata }: DataSource, values: Values) {
  const wanted: Record<string, string | null> = {
    ...recommendationPatch({
      instancetype: profileFromText('Instancetype', values.instancetype),
      preference: profileFromText('Preference', values.preference),
    }),
    [architectureLabel]: values.architecture || null,
  }
  const changed = Object.entries(wanted).filter(
    ([key, value]) => (metadata.labels?.[key] ?? null) !== value,
  )
  if (changed.length === 0) return undefined
  return {
    metadata: {
      // Labels that somebody has changed meanwhile are not to be overwritten.
      resourceVersion: metadata.resourceVersion,
      labels: Object.fromEntries(changed),
    },
  }
}
