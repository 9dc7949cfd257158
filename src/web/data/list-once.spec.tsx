import { renderHook, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'

import { persistentVolumeClaimKind } from '../../kube/kinds.ts'
import { createWrapper } from './host-harness.tsx'
import { useListOnce } from './list-once.ts'

/** A cluster whose claims are counted up at each request. */
function renderLists() {
  const paths: string[] = []
  const wrapper = createWrapper((path) => {
    const name = `disk-${paths.push(path)}`
    return Promise.resolve(Response.json({ items: [{ metadata: { name } }] }))
  })
  const render = (mustBeFresh: boolean) =>
    renderHook(() => useListOnce(persistentVolumeClaimKind, { namespace: 'demo', mustBeFresh }), {
      wrapper,
    })
  return { paths, render }
}

it('answers a form opened again with what is known, but where it must be fresh', async () => {
  const { paths, render } = renderLists()
  const namesOf = ({ result }: ReturnType<typeof render>) =>
    result.current.items.map(({ metadata }) => metadata.name)

  const form = render(false)
  await waitFor(() => expect(namesOf(form)).toEqual(['disk-1']))
  form.unmount()
  expect(namesOf(render(false))).toEqual(['disk-1'])

  const deletion = render(true)
  expect(deletion.result.current).toMatchObject({ items: [], isLoading: true })
  await waitFor(() => expect(namesOf(deletion)).toEqual(['disk-2']))
  expect(paths[1]).not.toContain('resourceVersion')
})
