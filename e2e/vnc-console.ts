/** What is done in the VNC console of the guest `web-1`. */
import type { Page } from '@playwright/test'

import { expect, expectConnected, serialLog, type Kubectl } from './fixtures.ts'

const consolePath = '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console'
export async function openConsole(page: Page) {
  await page.goto(consolePath)
  await expectConnected(page)
}

export async function expectOnSerial(kubectl: Kubectl, pattern: RegExp) {
  await expect.poll(() => serialLog(kubectl, 'web-1'), { intervals: [300] }).toMatch(pattern)
}

/** Chooses in the View menu, by the keyboard. */
export async function setView(page: Page, role: 'switch' | 'radio', name: string, isOn = true) {
  await page.getByRole('button', { name: 'View', exact: true }).click()
  const choice = page.getByRole('dialog', { name: 'View' }).getByRole(role, { name, exact: true })
  await choice.press('Space')
  await expect(choice).toBeChecked({ checked: isOn })
  await choice.press('Escape')
  await expect(choice).toBeHidden()
}
