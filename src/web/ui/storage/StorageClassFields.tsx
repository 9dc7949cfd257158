import { useEffect } from 'react'
import type { FieldValues, Path, PathValue, UseFormReturn } from 'react-hook-form'

import { storageClassKind, storageProfileKind, type StorageClass } from '../../../kube/kinds.ts'
import {
  accessModeWords,
  defaultClass,
  isUnprofiled,
  profiledModes,
  waitsForConsumer,
  type VolumeMode,
} from '../../../kube/storage-classes.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormPair } from '../form-fields/FormPair.tsx'
import { FormSelectField } from '../form-fields/FormSelectField.tsx'

/** The part of a form's values that says which storage, and how it is used. */
export interface StorageClassValues {
  /** Empty: the cluster's default. */
  storageClass: string
  accessMode: string
  volumeMode: VolumeMode
}

/**
 * Storage class, access mode and volume mode. The modes follow what CDI's StorageProfile of the class
 * suggests until somebody chooses others.
 */
export function StorageClassFields<V extends FieldValues & StorageClassValues>({
  form,
  purpose,
  whyFixedMode,
  onlyProvisioner,
}: {
  form: UseFormReturn<V>
  /** Whose default is meant by no class: a DataVolume's or a plain claim's. */
  purpose: 'vm' | 'kubernetes'
  /** Why the volume mode can't be chosen, where it can't. */
  whyFixedMode?: string | undefined
  /** Other classes can't make this claim. */
  onlyProvisioner?: string | undefined
}) {
  const classes = useListOnce(storageClassKind)
  const profiles = useListOnce(storageProfileKind)
  const storageClass = form.watch('storageClass' as Path<V>) as string
  const modes = {
    accessMode: form.watch('accessMode' as Path<V>) as string,
    volumeMode: form.watch('volumeMode' as Path<V>) as VolumeMode,
  }
  const sorted = [...classes.items].toSorted((a, b) =>
    a.metadata.name.localeCompare(b.metadata.name),
  )
  const standard = defaultClass(sorted, purpose)
  const chosen =
    storageClass === '' ? standard : sorted.find(({ metadata }) => metadata.name === storageClass)
  const profile = profiles.items.find(({ metadata }) => metadata.name === chosen?.metadata.name)
  const suggestions = profiledModes(profile)
  const isFixed = whyFixedMode !== undefined
  // A copy keeps the modes of its source.
  const first = isFixed ? undefined : suggestions[0]

  const { dirtyFields } = form.formState as { dirtyFields: Record<string, unknown> }
  const isAccessChosen = dirtyFields['accessMode'] !== undefined
  const isModeChosen = dirtyFields['volumeMode'] !== undefined
  const accessMode = first?.accessMode
  const volumeMode = first?.volumeMode
  useEffect(() => {
    const set = (name: 'accessMode' | 'volumeMode', value: string) =>
      form.resetField(name as Path<V>, { defaultValue: value as PathValue<V, Path<V>> })
    if (accessMode !== undefined && !isAccessChosen) set('accessMode', accessMode)
    if (volumeMode !== undefined && !isModeChosen) set('volumeMode', volumeMode)
  }, [form, accessMode, volumeMode, isAccessChosen, isModeChosen])

  return (
    <>
      <FormSelectField
        form={form}
        name={'storageClass' as Path<V>}
        label="Storage class"
        choices={[
          {
            value: '',
            label: standard
              ? `Default of the cluster (${standard.metadata.name})`
              : 'Default of the cluster',
          },
          ...sorted.map((one) => ({
            value: one.metadata.name,
            label: describe(one),
            isDisabled: onlyProvisioner !== undefined && one.provisioner !== onlyProvisioner,
          })),
        ]}
        help={classHelp({ chosen, standard, isChosen: storageClass !== '', classes })}
      />
      <FormPair>
        <FormSelectField
          form={form}
          name={'accessMode' as Path<V>}
          label="Access mode"
          choices={Object.entries(accessModeWords).map(([value, label]) => ({
            value,
            label: suggestions.some(
              (one) => one.accessMode === value && one.volumeMode === modes.volumeMode,
            )
              ? `${label} – suggested`
              : label,
          }))}
          help={
            isUnprofiled(profile, modes)
              ? `CDI’s profile of ${chosen?.metadata.name ?? 'the class'} doesn’t list this with ${modes.volumeMode}; the storage may refuse it.`
              : 'Live migration of a VM needs ReadWriteMany.'
          }
        />
        <FormSelectField
          form={form}
          name={'volumeMode' as Path<V>}
          label="Volume mode"
          choices={[
            { value: 'Block', label: 'Block (a disk is the device)' },
            { value: 'Filesystem', label: 'Filesystem (a disk is a file in it)' },
          ].map((choice) => ({
            ...choice,
            isDisabled: isFixed && choice.value !== modes.volumeMode,
          }))}
          help={whyFixedMode ?? suggestionHelp(suggestions.length, profiles.error?.isNotFound)}
        />
      </FormPair>
    </>
  )
}

function suggestionHelp(suggested: number, isCdiMissing: boolean | undefined): string | undefined {
  if (isCdiMissing)
    return 'Without CDI in the cluster nothing is known about what the class can do.'
  return suggested > 0 ? 'Suggested by CDI’s profile of the class.' : undefined
}

function describe(one: StorageClass): string {
  return `${one.metadata.name} – ${one.provisioner}`
}

function classHelp({
  chosen,
  standard,
  isChosen,
  classes,
}: {
  chosen: StorageClass | undefined
  standard: StorageClass | undefined
  isChosen: boolean
  classes: { isLoading: boolean; error: Error | null }
}): string | undefined {
  if (classes.error) return `The storage classes can’t be listed: ${classes.error.message}`
  if (!standard && !classes.isLoading && !isChosen)
    return 'No class is marked as default: without one the claim may wait forever.'
  if (chosen && waitsForConsumer(chosen))
    return `Class ${chosen.metadata.name} makes the volume when a VM or pod first uses it.`
  return undefined
}
