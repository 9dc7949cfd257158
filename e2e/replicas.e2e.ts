/** Two gateways behind a round-robin: the page stays whole when one after the other is killed. */
import { startRoundRobin } from '../scripts/replicas/round-robin.ts'
import { prepareReplicas } from '../scripts/replicas/start-replica.ts'
import { expect, expectConnected, expectStatus, test } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

test('a list and a console outlive the gateways they were opened through', async ({
  stack,
  kubectl,
  context,
}) => {
  const replicas = await prepareReplicas(stack.sandboxUrl ?? '', 0)
  const [first, second] = [await replicas.start(), await replicas.start()]
  const service = await startRoundRobin([first.port, second.port])
  try {
    const signedIn = await context.request.post(`${service.url}/api/console/session`, {
      data: { token: 'sandbox-admin' },
      headers: { origin: service.url },
    })
    expect(signedIn.status()).toBe(200)
    const list = await context.newPage()
    const machine = await context.newPage()
    service.remove(first.port)
    await list.goto(`${service.url}/k8s/ns/demo/kubevirt.io~v1~VirtualMachine`)
    await expectStatus(list, 'web-1', 'Running')
    await machine.goto(`${service.url}/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/console`)
    await expectConnected(machine)

    // The console through one gateway, all else of the page through the other: what dies with the
    // first looks from here as if somebody else had taken the screen.
    await machine.getByRole('button', { name: 'Disconnect' }).click()
    service.add(first.port)
    service.remove(second.port)
    await machine.getByRole('button', { name: 'Connect', exact: true }).click()
    await expectConnected(machine)
    service.add(second.port)
    service.remove(first.port)
    await first.end('SIGKILL')
    await expect(machine.getByText(/Connected again after an interruption/)).toBeVisible()
    await expectConnected(machine)

    // Now what the lists go through.
    service.add((await replicas.start()).port)
    service.remove(second.port)
    await second.end('SIGKILL')
    await kubectl('delete', 'vm', 'web-1', '-n', 'demo', '--wait=false')
    await expect(list.getByRole('link', { name: 'web-1', exact: true })).toBeHidden()
    await expect(list.getByText(/Reconnecting|Out of date/)).toBeHidden()
  } finally {
    service.close()
    await replicas.close()
  }
})
