import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { KeyBar } from './KeyBar.tsx'
import type { VncDisplay } from './vnc-display.ts'

function show(disabledReason?: string) {
  const display = {
    sendKeys: vi.fn<VncDisplay['sendKeys']>(),
    toggleModifier: vi.fn<VncDisplay['toggleModifier']>(),
    focus: vi.fn<VncDisplay['focus']>(),
  }
  render(
    <KeyBar display={display as unknown as VncDisplay} held={{}} disabledReason={disabledReason} />,
  )
  return display
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

afterEach(cleanup)

describe('KeyBar', () => {
  it('holds a key, and sends one', () => {
    const display = show()
    press('Ctrl')
    press('Esc')
    expect(display.toggleModifier).toHaveBeenCalledWith('Ctrl')
    expect(display.sendKeys).toHaveBeenCalledOnce()
  })

  it('holds and sends nothing where no keys can be sent', () => {
    const display = show('View only is on')
    for (const name of ['Ctrl', 'Alt', 'Shift', 'Win', 'Esc', 'Tab']) press(name)
    expect(display.toggleModifier).not.toHaveBeenCalled()
    expect(display.sendKeys).not.toHaveBeenCalled()
  })
})
