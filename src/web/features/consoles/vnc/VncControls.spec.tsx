import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createObservable } from '../observable.ts'
import type { ConsoleSession } from '../session/console-session.ts'
import type { VncDisplay, VncScreen } from './vnc-display.ts'
import { defaultView } from './vnc-view.ts'
import { VncControls } from './VncControls.tsx'

const setView = vi.fn<VncDisplay['setView']>()

function renderControls() {
  const display = {
    screen: createObservable({ held: {}, isViewOnly: false } as VncScreen),
    setView,
  } as unknown as VncDisplay
  const session = { display } as ConsoleSession<VncDisplay>
  render(<VncControls session={session} isLive namespace="demo" name="web-1" />)
}

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: false }))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('gives the screen the picture that is chosen, and the next one too', async () => {
  const user = userEvent.setup()
  renderControls()
  expect(setView).toHaveBeenLastCalledWith(defaultView)
  await user.click(screen.getByRole('button', { name: 'View' }))
  await user.click(await screen.findByRole('radio', { name: 'Slow link' }))
  expect(setView).toHaveBeenLastCalledWith({ ...defaultView, picture: 'slow' })

  cleanup()
  setView.mockClear()
  renderControls()
  expect(setView.mock.calls).toEqual([[{ ...defaultView, picture: 'slow' }]])
  await user.click(screen.getByRole('button', { name: 'View' }))
  expect(await screen.findByRole('radio', { name: 'Slow link' })).toHaveProperty('checked', true)
})
