/** KubeVirt's own pages: broken by `kubectl`, they must say what is the matter and why. */
import { expect, expectAccessible, test } from './fixtures.ts'

test.use({ stackOptions: { guests: 'simulated' } })

const image = 'registry.example/kubevirt/virt-api:nope'

test('shows a healthy control plane, and why it no longer is', async ({ page, kubectl }) => {
  const inKubeVirt = (...args: string[]) => kubectl('-n', 'kubevirt', ...args)
  await page.goto('/')
  await page.getByRole('navigation').getByRole('link', { name: 'Cluster' }).click()
  await expect(page).toHaveTitle(/^Cluster/)
  const answer = page.getByRole('heading', { name: /KubeVirt is/ })
  await expect(answer).toContainText('KubeVirt is healthy')

  const components = page.getByRole('grid', { name: 'Control plane' })
  const pods = await inKubeVirt('get', 'pods', '-lkubevirt.io=virt-controller', '-oname')
  for (const pod of pods.trim().split('\n'))
    await expect(components.getByRole('link', { name: pod.replace('pod/', '') })).toBeVisible()
  const holder = () =>
    inKubeVirt('get', 'lease', 'virt-controller', '-o=jsonpath={.spec.holderIdentity}')
  await expect.poll(holder).not.toBe('')
  const lease = await holder()
  await expect(components.getByRole('row').filter({ hasText: lease })).toContainText('Leader')
  const nodes = page.getByRole('grid', { name: 'Nodes' })
  await expect(nodes.getByRole('row').filter({ hasText: 'Ready for VMs' })).toHaveCount(3)
  await expectAccessible(page)

  await inKubeVirt('set', 'image', 'deployment/virt-api', `virt-api=${image}`)
  await expect(answer).toContainText('virt-api – Update stuck')
  const unpulled = components.getByRole('row').filter({ hasText: 'ImagePullBackOff' })
  await expect(unpulled).toContainText(`Image ${image} can’t be pulled: not found.`)
  // The working version stays until the new one is ready.
  await expect(components.getByRole('row').filter({ hasText: 'Older version' })).toContainText(
    '2/2',
  )

  await inKubeVirt('rollout', 'undo', 'deployment/virt-api')
  await inKubeVirt('scale', 'deployment', 'virt-controller', '--replicas=0')
  await expect(answer).toContainText('virt-controller – Scaled to 0')
  await expect(page.getByText('VMs don’t start, restart or migrate')).toBeVisible()

  await kubectl('cordon', 'worker-1')
  const row = nodes.getByRole('row').filter({ hasText: 'worker-1' })
  await expect(row).toContainText('Cordoned')
  await expectAccessible(page)

  await kubectl('uncordon', 'worker-1')
  await inKubeVirt('scale', 'deployment', 'virt-controller', '--replicas=2')
  await expect(answer).toHaveText(/KubeVirt is healthy$/)
})

test('follows a node that goes silent, and a pod that is made again', async ({
  page,
  kubectl,
  stack,
}) => {
  const nodeOf = '-o=jsonpath={.items[?(@.spec.nodeName=="worker-2")].metadata.name}'
  const findHandler = () =>
    kubectl('get', 'pods', '-n', 'kubevirt', '-lkubevirt.io=virt-handler', nodeOf)
  await expect.poll(findHandler).not.toBe('')
  const handler = await findHandler()
  await page.goto('/kubevirt/cluster')
  const row = page
    .getByRole('grid', { name: 'Nodes' })
    .getByRole('row')
    .filter({ hasText: 'worker-2' })
  await expect(row.getByRole('link', { name: handler })).toBeVisible()
  await kubectl('delete', 'pod', handler, '-n', 'kubevirt')
  await expect(row.getByRole('link', { name: handler })).toBeHidden()
  await expect(row).toContainText('Ready for VMs')

  const stop = (stoppedNodes: string[]) =>
    fetch(`${stack.sandboxUrl}/sandbox/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin' },
      body: JSON.stringify({ stoppedNodes }),
    })
  await stop(['worker-2'])
  await expect(row).toContainText('Node not ready')
  await expect(row).toContainText('Kubelet stopped posting node status.')
  await stop([])
  await expect(row).toContainText('Ready for VMs')
})

test('tells a user without rights which right is missing', async ({ page }) => {
  await page.goto('/kubevirt/cluster')
  await page.getByRole('button', { name: /sandbox-admin/ }).click()
  await page.getByRole('menuitem', { name: 'sandbox-view' }).click()
  await expect(page.getByRole('button', { name: /sandbox-view/ })).toBeVisible()
  await page.goto('/kubevirt/cluster')
  await expect(page.getByRole('heading', { name: /available, as it says itself/ })).toBeVisible()
  await expect(page.getByText('v1.9.0', { exact: true }).first()).toBeVisible()
  await expect(page.getByText(/You may not see Deployments, ReplicaSets/)).toBeVisible()
  await expect(
    page.getByText(/cannot list resource "deployments" .* in the namespace "kubevirt"/),
  ).toBeVisible()
  await expect(page.getByText(/cannot list resource "nodes"/)).toBeVisible()
  await expectAccessible(page)
})

test('explains VMs beside other workloads, with this cluster’s own', async ({ page, kubectl }) => {
  const get = (path: string, ...args: string[]) => kubectl('get', ...args, `-o=jsonpath=${path}`)
  await page.goto('/kubevirt/cluster')
  await page.getByRole('link', { name: 'How VMs compare to other workloads' }).click()
  await expect(page).toHaveTitle(/^How VMs compare/)
  const chain = page.getByRole('list', { name: 'VirtualMachine, by example' })
  const vm = chain.getByRole('link').first()
  await expect(chain.getByRole('link')).toHaveCount(3)
  const name = (await vm.textContent()) ?? ''
  const pod = await get(
    '{.items[0].metadata.name}',
    'pods',
    '-n',
    'demo',
    `-lvm.kubevirt.io/name=${name}`,
  )
  await expect(chain.getByRole('link', { name: pod })).toBeVisible()

  const set = await get(
    '{.items[0].metadata.name}',
    'rs',
    '-n',
    'kubevirt',
    '-lkubevirt.io=virt-api',
  )
  await expect(page.getByRole('list', { name: 'Deployment, by example' })).toContainText(set)
  await expect(page.getByRole('list', { name: 'StatefulSet, by example' })).toContainText(
    'claim data-queue-1',
  )
  await expect(page.getByRole('list', { name: 'DaemonSet, by example' })).toContainText(
    '3 pods on 3 nodes',
  )
  // The server's own columns, as `kubectl` prints them.
  const isReady = '--for=jsonpath={.status.readyReplicas}=2'
  await kubectl('wait', 'sts/queue', '-n', 'demo', isReady, '--timeout=180s')
  const printed = await kubectl('get', 'sts/queue', '-n', 'demo', '--no-headers')
  const [, ready = ''] = printed.trim().split(/\s+/)
  await expect(page.getByLabel(/^What it prints: kubectl get sts\/queue/)).toContainText(ready)
  await expectAccessible(page)

  await vm.click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
})
