/**
 * What a spec waits for may take as long as a busy machine needs. The limit of a second that vitest
 * and the Testing Library have by themselves is too little for that, and theirs alone to change.
 */
import { expect, vi } from 'vitest'

const patienceMs = 20_000

const { waitFor } = vi
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options })

// Only components are tested with it, and it takes its time to load.
// oxlint-disable-next-line vitest/no-standalone-expect -- it expects nothing, it asks for the name
if (expect.getState().testPath?.endsWith('.tsx')) {
  const { configure } = await import('@testing-library/dom')
  configure({ asyncUtilTimeout: patienceMs })
}
