import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import {
  useForm,
  type DefaultValues,
  type FieldValues,
  type Path,
  type PathValue,
} from 'react-hook-form'
import type { ZodType } from 'zod'

import { useFormValues } from '../form-shell/FormShell.tsx'

/** A manifest as a form sees it: a pair of pure functions that leave alone what the form doesn't know. */
export interface ManifestFields<V extends FieldValues, M extends object> {
  schema: ZodType<V, V>
  toValues: (manifest: M) => V
  /** `base` with the values in it. */
  fromValues: (values: V, base: M) => M
}

function isEqual(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** A form over a manifest that can be changed as YAML as well: either shows what the other says. */
export function useManifestForm<V extends FieldValues, M extends object>(
  { schema, toValues, fromValues }: ManifestFields<V, M>,
  initial: M,
) {
  const [base, setBase] = useState(initial)
  const [initialBase] = useState(initial)
  const form = useForm<V, unknown, V>({
    resolver: zodResolver(schema),
    defaultValues: toValues(initial) as DefaultValues<V>,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const isComplete = schema.safeParse(values).success
  return {
    form,
    values,
    /** Of what has been typed, complete or not. */
    manifest: isEqual(values, toValues(base)) ? base : fromValues(values, base),
    /** The YAML was changed; what of it the form knows nothing of makes no field dirty. */
    isTyped: base !== initialBase,
    isComplete,
    change: (manifest: M) => {
      setBase(manifest)
      for (const [name, value] of Object.entries(toValues(manifest)))
        form.setValue(name as Path<V>, value as PathValue<V, Path<V>>, {
          shouldDirty: true,
          shouldValidate: true,
        })
    },
  }
}
