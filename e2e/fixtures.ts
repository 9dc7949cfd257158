/**
 * Every test gets a console of its own: gateway, sandbox and guests from a fresh start, and `kubectl`
 * to look behind the page's back.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Locator, type Page } from '@playwright/test'

import { findKubectl } from '../scripts/kubectl.mjs'
import { startRdpServers, whyNoRdpServers, type RdpServers } from '../scripts/rdp-servers.mjs'
import { startStack, type Stack, type StackOptions } from '../scripts/stack.mjs'

const run = promisify(execFile)

export interface Kubectl {
  (...args: string[]): Promise<string>
  /** What it talks to. */
  readonly server: string
  /** Runs a command as the console shows it, by a shell; every `kubectl` in it talks to the sandbox. */
  shell(command: string): Promise<string>
}

interface Fixtures {
  /** Set with `test.use` to start the console differently. */
  stackOptions: StackOptions
  stack: Stack
  kubectl: Kubectl
}

interface WorkerFixtures {
  /** Real RDP servers; a test that wants them is skipped, with the reason, where they can't be had. */
  rdpServers: RdpServers
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  rdpServers: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const why = whyNoRdpServers()
      base.skip(why !== undefined, why)
      const servers = await startRdpServers()
      await use(servers)
      await servers.stop()
    },
    { scope: 'worker' },
  ],

  stackOptions: [{}, { option: true }],

  stack: [
    async ({ stackOptions }, use) => {
      // One guest alone boots several times faster than all five; batch-1 is off until it is started.
      const stack = await startStack({ quiet: true, guests: 'web-1,batch-1', ...stackOptions })
      await use(stack)
      await stack.stop()
    },
    { timeout: 180_000 },
  ],

  baseURL: async ({ stack }, use) => use(stack.url),

  kubectl: async ({ stack }, use) => {
    const path = await findKubectl()
    const server = `${stack.url}/api/kubernetes`
    const call = async (...args: string[]) => {
      const { stdout } = await run(path, ['--kubeconfig=/dev/null', `--server=${server}`, ...args])
      return stdout
    }
    const shell = async (command: string) => {
      const quoted = `'${path}' --kubeconfig=/dev/null '--server=${server}'`
      const { stdout } = await run('sh', ['-c', command.replace(/(^|\| )kubectl /, `$1${quoted} `)])
      return stdout
    }
    await use(Object.assign(call, { server, shell }))
  },
})

export { expect }

/** For {@link Fixtures.stackOptions}: `win-1` demands NLA, `db-1` does TLS and has a login of its own. */
export function withRdp({ nla, tls }: RdpServers): StackOptions {
  return { rdpServer: `win-1=127.0.0.1:${nla.port},db-1=127.0.0.1:${tls.port}` }
}

/** The row of a table that is about `name`. */
export function row(page: Page, table: string, name: string): Locator {
  return page
    .getByRole('grid', { name: table })
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name, exact: true }) })
}

/** Waits until the VM is as `status` says in the list. */
export async function expectStatus(page: Page, name: string, status: string | RegExp) {
  await expect(row(page, 'Virtual machines', name)).toContainText(status)
}

/** Waits until the guest of `demo/NAME` asks for a login, by the log of its serial console. */
export async function waitForLogin(kubectl: Kubectl, name: string) {
  await expect
    .poll(() => serialLog(kubectl, name), { timeout: 180_000, intervals: [200] })
    .toMatch(/login: *$/)
}

/**
 * What the guest of `demo/NAME` has printed on its serial console. Read without kubectl: this is
 * asked again and again, and each process would take a core from the guests for a third of a second.
 */
export async function serialLog({ server }: Kubectl, name: string): Promise<string> {
  const read = async (path: string) => {
    const response = await fetch(server + path).catch(() => undefined)
    return response?.ok ? response.text() : undefined
  }
  const vmi = await read(
    `/apis/kubevirt.io/v1/namespaces/demo/virtualmachineinstances/${encodeURIComponent(name)}`,
  )
  if (vmi === undefined) return ''
  const { metadata } = JSON.parse(vmi) as { metadata: { uid: string } }
  const pods = '/api/v1/namespaces/demo/pods'
  const found = await read(`${pods}?labelSelector=kubevirt.io/created-by%3D${metadata.uid}`)
  const { items } = JSON.parse(found ?? '{"items":[]}') as {
    items: { metadata: { name: string } }[]
  }
  const logs = items.map((pod) =>
    read(`${pods}/${pod.metadata.name}/log?container=guest-console-log`),
  )
  return (await Promise.all(logs)).map((log) => log ?? '').join('')
}

/**
 * Types as a person at a keyboard does. Playwright's `type` sends no Shift, and QEMU goes by
 * scancodes, so `>` would arrive as `.` in the guest.
 */
async function pressKeys(page: Page, text: string) {
  const shifted = '~!@#$%^&*()_+{}|:"<>?ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  for (const character of text) {
    if (character === '\n') {
      await page.keyboard.press('Enter')
      continue
    }
    const isShifted = shifted.includes(character)
    if (isShifted) await page.keyboard.down('Shift')
    await page.keyboard.press(character === ' ' ? 'Space' : character)
    if (isShifted) await page.keyboard.up('Shift')
  }
}

/** Clicks the screen and types there. */
export async function typeInVnc(page: Page, text: string) {
  await page.getByRole('region', { name: 'VNC console' }).click()
  await pressKeys(page, text)
}

/**
 * Logs in as root where keys go, which only the effect tells. login(1) drops what is typed before it
 * asks for the password and after a wrong one, so each attempt begins at a prompt and leaves the
 * guest more time than the one before.
 */
export async function logInByKeys(page: Page, command: string, isDone: () => Promise<void>) {
  let pauseMs = 0
  await expect(async () => {
    for (const line of ['', 'root', 'sandbox', command]) {
      if (line === '' && pauseMs === 0) continue
      await pressKeys(page, `${line}\n`)
      await sleep(line === '' ? 3 * pauseMs : pauseMs)
    }
    pauseMs += 1000
    await isDone()
  }).toPass({ timeout: 180_000 })
}

/** Logs in as root on the screen of `demo/NAME`, on the virtual terminal that is shown. */
export async function logInOnScreen(page: Page, kubectl: Kubectl, name: string, tty = 'tty1') {
  await page.getByRole('region', { name: 'VNC console' }).click()
  await logInByKeys(page, 'tty > /dev/ttyS0', () =>
    expect
      .poll(() => serialLog(kubectl, name), { timeout: 5000 })
      .toMatch(new RegExp(`^/dev/${tty}`, 'm')),
  )
}

/**
 * Chooses a console and waits until it has its guest; that the one before was connected may still
 * stand there for a moment.
 */
export async function showConsole(page: Page, kind: 'VNC' | 'Serial') {
  const button = page.getByRole('button', { name: new RegExp(`^${kind}`) })
  await button.click()
  await expect(button).toHaveAttribute('aria-pressed', 'true')
  await expect(button).toHaveAccessibleDescription('connected')
}

/** Waits until the console that is shown has its guest. */
export async function expectConnected(page: Page) {
  await expect(page.getByText('Connected', { exact: true })).toBeVisible()
}

/**
 * Logs in as root on the serial console that is open, and waits for the shell. No key is pressed for
 * the prompt, which has been printed before: getty(8) would drop what is typed while it asks anew.
 */
export async function logInOnSerial(page: Page) {
  const serial = page.getByRole('region', { name: 'Serial console' })
  await expect(serial).toBeVisible()
  await expectConnected(page)
  await expect(serial).toContainText('login:')
  await serial.click()
  await page.keyboard.type('root\n')
  await expect(serial).toContainText('Password:')
  await page.keyboard.type('sandbox\n')
  await expect(serial).toContainText('# ')
}

/** Runs a command in the shell on the serial console and waits for what it prints. */
export async function runOnSerial(page: Page, command: string, output: string | RegExp) {
  const serial = page.getByRole('region', { name: 'Serial console' })
  await serial.click()
  await page.keyboard.type(`${command}\n`)
  await expect(serial).toContainText(output)
}

/** Fails on accessibility faults that keep people out. */
export async function expectAccessible(page: Page) {
  // All in the page itself, which has no frames of other origins: to put the results of frames
  // together takes another page, and that takes longer than the rules.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
  const { violations } = await axe.analyze()
  const serious = violations.filter(({ impact }) => impact === 'critical' || impact === 'serious')
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
  ).toEqual([])
}
