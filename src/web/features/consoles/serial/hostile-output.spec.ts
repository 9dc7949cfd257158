// @vitest-environment jsdom
/** A guest may write anything to its serial console. What it writes is text and colours, and nothing more. */
import type { Terminal } from '@xterm/xterm'
import { beforeEach, expect, test, vi } from 'vitest'

import { loadTerminal } from './load-terminal.ts'
import { isTerminalAnswer } from './terminal-answer.ts'

let terminal: Terminal
let sent: string[]
let opened: string[]
const touched = vi.fn<() => void>()
const clipboard = { readText: touched, writeText: touched, read: touched, write: touched }

beforeEach(async () => {
  // xterm asks for it, and jsdom has none.
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, addListener() {} }))
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
  sent = []
  opened = []
  Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true })
  terminal = (await loadTerminal((url) => opened.push(url.href))).terminal
  terminal.onData((text) => sent.push(text))
  terminal.onBinary((text) => sent.push(text))
})

function write(text: string) {
  return new Promise<void>((resolve) => terminal.write(text, resolve))
}

const st = '\x1b\\'

test.each([
  ['writes the clipboard', '\x1b]52;c;cm0gLXJmIC8=\x07'],
  ['writes the selection', `\x1b]52;p;cm0gLXJmIC8=${st}`],
  ['reads the clipboard', '\x1b]52;c;?\x07'],
  ['sets the title', '\x1b]0;Sign in again\x07\x1b]2;x\x07'],
  ['asks for the title', '\x1b]2;rm -rf /\r\x07\x1b[21t\x1b[20t'],
  ['resizes and moves the window', '\x1b[8;1;1t\x1b[3;0;0t\x1b[2t'],
  ['asks for an answerback', '\x05'],
  ['prints', '\x1b[5i rm -rf / \x1b[4i'],
  ['downloads a file (iTerm)', '\x1b]1337;File=name=eA==;inline=0:eA==\x07'],
  ['notifies', '\x1b]9;hello\x07\x1b]777;notify;a;b\x07'],
  ['defines keys', '\x1b]4711;x\x07\x1bP1;1|17/0d\x1b\\'],
  [
    'writes HTML',
    '<img src=x onerror="globalThis.hacked = true"><script>globalThis.hacked = true</script>',
  ],
  ['turns the direction of text', '\u202egnp.exe\u2066'],
  ['never ends a sequence', `\x1b]0;${'x'.repeat(200_000)}`],
])('one that %s has no effect, and is not answered', async (_what, text) => {
  const title = document.title
  await write(text)
  expect(sent).toEqual([])
  expect(opened).toEqual([])
  expect(document.title).toBe(title)
  expect(globalThis).not.toHaveProperty('hacked')
  expect(touched).not.toHaveBeenCalled()
})

/**
 * Programs of a guest rely on some answers, which go to the guest that asked and to nobody else. What
 * they say is the terminal's own: a position, a colour, a mode. Nothing a guest has written comes back,
 * and nothing ends a line, so what an answer leaves at a shell's prompt is no command.
 */
test.each([
  ['position', '\x1b[6n'],
  ['position with page', '\x1b[?6n'],
  ['status', '\x1b[5n'],
  ['attributes', '\x1b[c\x1b[0c'],
  ['secondary attributes', '\x1b[>c'],
  ['version', '\x1b[>q'],
  ['a mode', '\x1b[?2004$p\x1b[4$p'],
  ['colours', '\x1b]10;?\x07\x1b]11;?\x07\x1b]12;?\x07\x1b]4;1;?\x07'],
  ['a setting', `\x1bP$qm${st}\x1bP$q"p${st}\x1bP$qr${st}`],
  ['a setting that is a command', `\x1bP$q; rm -rf / #\r${st}`],
  ['a terminfo value that is a command', `\x1bP+q726d202d7266202f0d${st}`],
  ['sizes', '\x1b[14t\x1b[16t\x1b[18t\x1b[19t'],
])('an answer about %s repeats nothing, and ends no line', async (_what, text) => {
  await write('rm -rf /')
  await write(text)
  const answers = sent.join('')
  expect(answers).not.toMatch(/rm|[\r\n]/)
  expect(answers.length).toBeLessThan(200)
  expect(sent.filter((answer) => !isTerminalAnswer(answer))).toEqual([])
})

test.each([
  ['javascript:alert(1)', undefined],
  ['JavaScript:alert(1)', undefined],
  ['\u0001javascript:alert(1)', undefined],
  ['java\nscript:alert(1)', undefined],
  ['data:text/html,<script>alert(1)</script>', undefined],
  ['vbscript:x', undefined],
  ['file:///etc/passwd', undefined],
  ['blob:https://x/y', undefined],
  ['ssh://host', undefined],
  ['//evil.example', undefined],
  ['https://example.org/a?b', 'https://example.org/a?b'],
])('a link (OSC 8) to %j', (text, expected) => {
  const start = { x: 1, y: 1 }
  terminal.options.linkHandler?.activate({} as MouseEvent, text, { start, end: start })
  expect(opened[0]).toBe(expected)
})

test('links of other schemes are not even shown as such', () => {
  expect(terminal.options.linkHandler?.allowNonHttpProtocols).not.toBe(true)
})
