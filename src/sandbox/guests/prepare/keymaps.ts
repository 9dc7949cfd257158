/**
 * Keyboard layouts for the guest's console, made from XKB's by the program that makes them on every
 * Debian and Ubuntu (keyboard-configuration(5), ckbcomp(1)). `loadkeys de` in a guest takes one up.
 */
import { join } from 'node:path'

import type { CpioEntry } from './cpio.ts'
import { run } from './watched-process.ts'

export const keymapPackages = ['kbd', 'console-setup', 'xkb-data']

/** XKB's layout, variant and model, by the name for `loadkeys`. */
const keymaps: Record<string, { layout: string; variant?: string; model?: string }> = {
  us: { layout: 'us' },
  gb: { layout: 'gb' },
  de: { layout: 'de' },
  'de-nodeadkeys': { layout: 'de', variant: 'nodeadkeys' },
  fr: { layout: 'fr' },
  es: { layout: 'es' },
  it: { layout: 'it' },
  br: { layout: 'br' },
  se: { layout: 'se' },
  jp: { layout: 'jp', model: 'jp106' },
}

/** The keymaps as files of the guest, from unpacked packages; 10 kB each. */
export async function keymapFiles(unpacked: string, signal: AbortSignal): Promise<CpioEntry[]> {
  const folders: CpioEntry[] = ['usr/share', 'usr/share/keymaps'].map((path) => ({
    path,
    kind: 'directory',
    mode: 0o755,
  }))
  const files = Object.entries(keymaps).map(
    async ([name, { layout, variant, model }]): Promise<CpioEntry> => {
      const options = [
        '-compact',
        '-layout',
        layout,
        ...(variant === undefined ? [] : ['-variant', variant]),
        ...(model === undefined ? [] : ['-model', model]),
      ]
      const rules = `-I${join(unpacked, 'usr/share/X11/xkb')}`
      const { stdout } = await run('perl', [join(unpacked, 'usr/bin/ckbcomp'), rules, ...options], {
        signal,
      })
      const path = `usr/share/keymaps/${name}.kmap`
      return { path, kind: 'file', mode: 0o644, data: Buffer.from(stdout) }
    },
  )
  return [...folders, ...(await Promise.all(files))]
}
