import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'

import { KubeError } from '../../../kube/kube-error.ts'
import { createWrapper } from '../../data/host-harness.tsx'
import type { UploadWay } from '../../data/upload-way.ts'
import { ProxyNotice } from './ProxyNotice.tsx'

afterEach(cleanup)

const url = 'https://proxy.example.com'
const cdiConfig = () =>
  Promise.resolve(Response.json({ status: { uploadProxyURL: 'proxy.example.com' } }))

/** A notice about a proxy that can't be used at first, and that can afterwards. */
function show(reason: string, message: string) {
  let isMended = false
  const way = {
    check: () =>
      isMended ? Promise.resolve() : Promise.reject(new KubeError(502, message, { reason })),
  } as unknown as UploadWay
  const wrapper = createWrapper(cdiConfig)
  render(<ProxyNotice way={way} command="virtctl image-upload dv x" />, { wrapper })
  return { mend: () => (isMended = true) }
}

it.each([
  [
    'UploadProxyUntrusted',
    'The certificate of CDI’s upload proxy isn’t trusted',
    /NODE_EXTRA_CA_CERTS/,
  ],
  ['UploadProxyUnknown', 'CDI’s upload proxy has no address', /uploadProxyURLOverride/],
  ['UploadProxyUnreachable', 'CDI’s upload proxy can’t be reached', /from where it runs/],
  ['UploadProxyBlocked', 'The browser can’t reach CDI’s upload proxy', /accept the certificate/],
])('explains %s, in the cluster’s words and with what to do', async (reason, title, step) => {
  const user = userEvent.setup()
  const { mend } = show(reason, 'self-signed certificate')
  await screen.findByText(title)
  expect(screen.getByText('self-signed certificate')).toBeTruthy()
  expect(screen.getByText(step)).toBeTruthy()
  expect(screen.getByRole('textbox', { name: 'Command' })).toHaveProperty(
    'value',
    'virtctl image-upload dv x',
  )
  mend()
  await user.click(screen.getByRole('button', { name: 'Check again' }))
  await waitFor(() => expect(screen.queryByText(title)).toBeNull())
})

it('leads to where a browser can be told to trust the proxy', async () => {
  show('UploadProxyBlocked', 'unreachable')
  const link = await screen.findByRole('link', { name: 'Open the proxy in a tab' })
  expect(link).toHaveProperty('href', `${url}/healthz`)
  expect(link.getAttribute('rel')).toContain('noopener')
})
