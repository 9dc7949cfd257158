import { act, renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { useManifestForm, type ManifestFields } from './use-manifest-form.ts'

interface Manifest {
  name: string
  size?: number
  other?: string
}

const fields: ManifestFields<{ name: string; size: string }, Manifest> = {
  schema: z.object({ name: z.string().min(1), size: z.string() }),
  toValues: ({ name, size }) => ({ name, size: size === undefined ? '' : String(size) }),
  fromValues: ({ name, size }, base) => ({
    ...base,
    name,
    ...(size !== '' && { size: Number(size) }),
  }),
}

it('shows in the form what the YAML says, and keeps what the form doesn’t know', () => {
  const { result } = renderHook(() => useManifestForm(fields, { name: 'a', size: 1 }))
  expect(result.current).toMatchObject({ isTyped: false, isComplete: true })
  // In another order, and it is not to be written anew under the cursor.
  const typed: Manifest = { other: 'kept', size: 2, name: 'b' }
  act(() => result.current.change(typed))
  expect(result.current.values).toEqual({ name: 'b', size: '2' })
  expect(result.current.manifest).toBe(typed)
  expect(result.current.isTyped).toBe(true)
  act(() => result.current.form.setValue('size', '3'))
  expect(result.current.manifest).toEqual({ name: 'b', size: 3, other: 'kept' })
  act(() => result.current.form.setValue('name', ''))
  expect(result.current.isComplete).toBe(false)
})
