/** A column beside a terminal with the times at which its lines were printed. */
import type { Terminal } from '@xterm/xterm'

import { dateFormat } from '../../../ui/language.ts'
import type { RowTimes } from './row-times.ts'

export interface TimesColumn {
  setShown(isShown: boolean): void
  update(): void
  dispose(): void
}

const clockParts = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const
const exactParts = {
  dateStyle: 'medium',
  timeStyle: 'long',
} as const

/** Adds the column to `element`, which makes room for it by its attribute `data-times`. */
export function createTimesColumn(
  element: HTMLElement,
  terminal: Terminal,
  times: RowTimes,
): TimesColumn {
  const clock = dateFormat(clockParts)
  const exact = dateFormat(exactParts)
  const column = document.createElement('div')
  column.className = 'kc-serial-times'
  let isShown = false
  let frame: number | undefined

  function draw() {
    frame = undefined
    const screen = element.querySelector<HTMLElement>('.xterm-screen')
    if (!screen || !isShown) return
    column.style.setProperty('--kc-serial-row', `${screen.clientHeight / terminal.rows}px`)
    column.style.fontSize = `${terminal.options.fontSize ?? 14}px`
    const cells = times.visible().map((time) => {
      const cell = document.createElement('div')
      if (time !== undefined) {
        cell.textContent = clock.format(time)
        cell.title = exact.format(time)
      }
      return cell
    })
    column.replaceChildren(...cells)
  }

  function update() {
    if (isShown) frame ??= requestAnimationFrame(draw)
  }
  const subscriptions = [terminal.onRender(update), terminal.onScroll(update)]

  return {
    setShown(next) {
      isShown = next
      element.dataset['times'] = String(next)
      if (next) element.append(column)
      else column.remove()
      update()
    },
    update,
    dispose() {
      if (frame !== undefined) cancelAnimationFrame(frame)
      for (const subscription of subscriptions) subscription.dispose()
      column.remove()
    },
  }
}
