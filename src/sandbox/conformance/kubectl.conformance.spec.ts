/** Stock kubectl is the judge: it accepts the sandbox as a cluster, or a test here fails. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { findKubectl } from '../../../scripts/kubectl.mjs'
import { startSandbox } from '../sandbox.ts'

const run = promisify(execFile)
let sandbox: Awaited<ReturnType<typeof startSandbox>>
let kubectlPath: string
let folder: string

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run(kubectlPath, connection('sandbox-admin', args), {
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

/** Runs kubectl and returns what it wrote to stderr; it must fail. */
async function refused(user: string, ...args: string[]): Promise<string> {
  const failure = await run(kubectlPath, connection(user, args)).then(
    ({ stdout }) => Promise.reject(new Error(`kubectl ${args.join(' ')} succeeded: ${stdout}`)),
    (error: { stderr: string }) => error.stderr,
  )
  return failure
}

function connection(user: string, args: string[]): string[] {
  return [
    '--kubeconfig=/dev/null',
    `--cache-dir=${join(folder, 'cache')}`,
    `--server=${sandbox.url}`,
    // kubectl sends no token over plain HTTP; the sandbox takes such a request for its admin's.
    ...(user === 'sandbox-admin' ? [] : [`--as=${user}`]),
    ...args,
  ]
}

async function manifest(name: string, object: object): Promise<string> {
  const file = join(folder, `${name}.json`)
  await writeFile(file, JSON.stringify(object))
  return file
}

function haltedVm(name: string) {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace: 'demo', labels: { suite: 'conformance' } },
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: {
            devices: {
              disks: [{ name: 'root', disk: { bus: 'virtio' } }],
              interfaces: [{ name: 'default', masquerade: {} }],
            },
            memory: { guest: '128Mi' },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'root', containerDisk: { image: 'quay.io/containerdisks/alpine' } }],
        },
      },
    },
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl-conformance-'))
  kubectlPath = await findKubectl()
  sandbox = await startSandbox({
    port: 0,
    seed: 'demo',
    guests: 'simulated',
    cacheDirectory: '.cache',
    log: () => undefined,
  })
}, 300_000)

afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

describe('kubectl reads', () => {
  it('lists VMs and VMIs with KubeVirt’s columns', async () => {
    const vms = await kubectl('get', 'vm', '-n', 'demo')
    expect(vms.split('\n')[0]).toMatch(/^NAME\s+AGE\s+STATUS\s+READY$/)
    expect(vms).toMatch(/^batch-1\s.*Stopped\s+False$/m)
    const vmis = await kubectl('get', 'vmis', '-n', 'demo', '-o', 'wide')
    expect(vmis.split('\n')[0]).toMatch(
      /^NAME\s+AGE\s+PHASE\s+IP\s+NODENAME\s+READY\s+LIVE-MIGRATABLE\s+PAUSED$/,
    )
    expect(vmis).toMatch(/^probe\s/m)
  })

  it('lists pods, claims and nodes as for a real cluster', async () => {
    expect(await kubectl('get', 'pods', '-A', '-o', 'wide')).toMatch(
      /^NAMESPACE\s+NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE/,
    )
    expect(await kubectl('get', 'pvc', '-n', 'demo')).toMatch(
      /^NAME\s+STATUS\s+VOLUME\s+CAPACITY\s+ACCESS MODES\s+STORAGECLASS/,
    )
    expect(await kubectl('get', 'nodes')).toMatch(/Ready/)
    expect(await kubectl('get', 'deploy,ds,rs', '-n', 'kubevirt')).toMatch(
      /deployment\.apps\/virt-controller[\s\S]*daemonset\.apps\/virt-handler[\s\S]*replicaset\.apps\/virt-/,
    )
  })

  it('knows every group it promises', async () => {
    const resources = await kubectl('api-resources', '-o', 'wide', '--verbs=list')
    for (const resource of [
      'virtualmachines',
      'virtualmachineinstances',
      'virtualmachineinstancemigrations',
      'virtualmachinesnapshots',
      'virtualmachineclones',
      'virtualmachineexports',
      'virtualmachineclusterinstancetypes',
      'virtualmachinepools',
      'migrationpolicies',
      'datavolumes',
      'network-attachment-definitions',
      'persistentvolumeclaims',
      'statefulsets',
    ]) {
      expect(resources).toContain(resource)
    }
  })

  it.each([
    ['vm.spec.runStrategy', 'runStrategy'],
    ['vmi.spec.domain.devices.interfaces', 'masquerade'],
    ['pvc.spec.accessModes', 'accessModes'],
  ])('explains %s', async (path, word) => {
    expect(await kubectl('explain', path)).toContain(word)
  })

  it('explains a whole kind recursively', async () => {
    expect(await kubectl('explain', 'vm', '--recursive')).toMatch(
      /instancetype[\s\S]*runStrategy[\s\S]*template/,
    )
  })

  it('describes a VM with its events', async () => {
    const text = await kubectl('describe', 'vm', 'web-1', '-n', 'demo')
    expect(text).toMatch(/Name:\s+web-1/)
    expect(text).toMatch(/Printable Status:/)
    expect(text).toMatch(/Events:/)
  })

  it('selects by label and refuses unknown field selectors as CRDs do', async () => {
    const nothing = await kubectl('get', 'vm', '-n', 'demo', '-l', 'no-such-label', '-o', 'name')
    expect(nothing).toBe('')
    expect(
      await kubectl(
        'get',
        'vm',
        '-n',
        'demo',
        '--field-selector',
        'metadata.name=web-1',
        '-o',
        'name',
      ),
    ).toBe('virtualmachine.kubevirt.io/web-1\n')
    expect(
      await refused(
        'sandbox-admin',
        'get',
        'vm',
        '-n',
        'demo',
        '--field-selector',
        'status.ready=true',
      ),
    ).toContain('field label not supported: status.ready')
  })

  it('tops pods and nodes, and finds no process behind simulated guests', async () => {
    expect(await kubectl('top', 'pod', '-n', 'demo', '--containers')).toMatch(
      /^POD\s+NAME\s+CPU\(cores\)\s+MEMORY\(bytes\)[\s\S]*virt-launcher-probe-\S+\s+compute\s+0m\s+0Mi/,
    )
    expect(await kubectl('top', 'node')).toMatch(/^NAME\s+CPU\(cores\)/)
    const metrics = await kubectl(
      'get',
      '--raw',
      '/apis/metrics.k8s.io/v1beta1/namespaces/demo/pods',
    )
    expect(JSON.parse(metrics)).toMatchObject({
      kind: 'PodMetricsList',
      items: expect.arrayContaining([
        expect.objectContaining({
          metadata: expect.objectContaining({
            annotations: { 'sandbox.kubevirt-console.io/usage': 'no process runs here' },
          }),
        }),
      ]),
    })
    expect(await kubectl('auth', 'can-i', 'list', 'pods.metrics.k8s.io', '-n', 'demo')).toBe(
      'yes\n',
    )
    expect(await refused('sandbox-none', 'top', 'pod', '-n', 'demo')).toContain('forbidden')
    expect(await refused('sandbox-admin', 'top', 'pod', 'no-such-pod', '-n', 'demo')).toContain(
      'pods "demo/no-such-pod" not found',
    )
  })

  it('logs a launcher pod', async () => {
    const pod = await kubectl(
      'get',
      'pod',
      '-n',
      'demo',
      '-l',
      'kubevirt.io=virt-launcher,vm.kubevirt.io/name=web-1',
      '-o',
      'name',
    )
    expect(
      (await kubectl('logs', '-n', 'demo', pod.trim(), '-c', 'compute')).length,
    ).toBeGreaterThan(0)
  })
})

describe('kubectl writes', () => {
  it('applies, patches and deletes a VM', async () => {
    const file = await manifest('plain', haltedVm('conf-plain'))
    expect(await kubectl('apply', '-f', file)).toContain('conf-plain created')
    expect(await kubectl('apply', '-f', file)).toContain('conf-plain unchanged')
    expect(
      await kubectl(
        'patch',
        'vm',
        'conf-plain',
        '-n',
        'demo',
        '--type=merge',
        '-p',
        '{"metadata":{"labels":{"tier":"gold"}}}',
      ),
    ).toContain('patched')
    expect(
      await kubectl(
        'patch',
        'vm',
        'conf-plain',
        '-n',
        'demo',
        '--type=json',
        '-p',
        '[{"op":"test","path":"/metadata/labels/tier","value":"gold"},{"op":"remove","path":"/metadata/labels/tier"}]',
      ),
    ).toContain('patched')
    expect(
      await refused(
        'sandbox-admin',
        'patch',
        'vm',
        'conf-plain',
        '-n',
        'demo',
        '--type=strategic',
        '-p',
        '{"metadata":{"labels":{"a":"b"}}}',
      ),
    ).toMatch(/415|UnsupportedMediaType|strategic|media type/i)
    expect(await kubectl('delete', 'vm', 'conf-plain', '-n', 'demo', '--wait')).toContain('deleted')
    expect(await refused('sandbox-admin', 'get', 'vm', 'conf-plain', '-n', 'demo')).toContain(
      'Error from server (NotFound): virtualmachines.kubevirt.io "conf-plain" not found',
    )
  })

  it('applies on the server’s side and reports a conflict with its owner', async () => {
    const file = await manifest('ssa', haltedVm('conf-ssa'))
    expect(await kubectl('apply', '--server-side', '--field-manager=one', '-f', file)).toContain(
      'serverside-applied',
    )
    const changed = haltedVm('conf-ssa')
    changed.spec.runStrategy = 'Manual'
    const other = await manifest('ssa-other', changed)
    expect(
      await refused('sandbox-admin', 'apply', '--server-side', '--field-manager=two', '-f', other),
    ).toMatch(/conflict with "one"[\s\S]*\.spec\.runStrategy/)
    expect(
      await kubectl(
        'apply',
        '--server-side',
        '--field-manager=two',
        '--force-conflicts',
        '-f',
        other,
      ),
    ).toContain('serverside-applied')
    await kubectl('delete', 'vm', 'conf-ssa', '-n', 'demo')
  })

  it('refuses what the schema and the webhooks refuse', async () => {
    const typo = await manifest('typo', {
      ...haltedVm('conf-typo'),
      spec: { ...haltedVm('conf-typo').spec, runStrat: 'Halted' },
    })
    expect(await refused('sandbox-admin', 'create', '-f', typo)).toContain(
      'unknown field "spec.runStrat"',
    )
    const unattached = haltedVm('conf-unattached')
    unattached.spec.template.spec.volumes = []
    expect(
      await refused('sandbox-admin', 'create', '-f', await manifest('unattached', unattached)),
      // kubectl leaves the webhook's name out and shows the causes.
    ).toContain(
      "The request is invalid: spec.template.spec.domain.devices.disks[0].name: spec.template.spec.domain.devices.disks[0].Name 'root' not found.",
    )
  })

  it('stores nothing on a dry run', async () => {
    const file = await manifest('dry', haltedVm('conf-dry'))
    expect(await kubectl('create', '--dry-run=server', '-f', file)).toContain(
      'conf-dry created (server dry run)',
    )
    expect(await refused('sandbox-admin', 'get', 'vm', 'conf-dry', '-n', 'demo')).toContain(
      'NotFound',
    )
  })

  it('brings a deleted VMI of a running VM back', async () => {
    const before = await kubectl(
      'get',
      'vmi',
      'web-1',
      '-n',
      'demo',
      '-o',
      'jsonpath={.metadata.uid}',
    )
    await kubectl('delete', 'vmi', 'web-1', '-n', 'demo', '--wait')
    await kubectl('wait', '--for=create', 'vmi/web-1', '-n', 'demo', '--timeout=60s')
    const after = await kubectl(
      'get',
      'vmi',
      'web-1',
      '-n',
      'demo',
      '-o',
      'jsonpath={.metadata.uid}',
    )
    expect(after).not.toBe(before)
  }, 90_000)

  it('watches', async () => {
    const watch = spawn(
      kubectlPath,
      connection('sandbox-admin', [
        'get',
        'cm',
        '-n',
        'demo',
        '-w',
        '--output-watch-events',
        '--no-headers',
      ]),
    )
    try {
      let text = ''
      watch.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      // The watch lists first, some time; only what comes after its list is an event of ours.
      await vi.waitFor(async () => {
        await kubectl('create', 'cm', 'conf-watch', '-n', 'demo')
        await kubectl('delete', 'cm', 'conf-watch', '-n', 'demo')
        expect(text).toMatch(/ADDED\s+conf-watch[\s\S]*DELETED\s+conf-watch/)
      }, 50_000)
    } finally {
      watch.kill()
    }
  })
})

describe('kubectl as other users', () => {
  it('answers can-i as the roles say', async () => {
    const canI = async (user: string, ...what: string[]) =>
      run(kubectlPath, connection(user, ['auth', 'can-i', ...what])).then(
        ({ stdout }) => stdout.trim(),
        (error: { stdout: string }) => error.stdout.trim(),
      )
    expect(await canI('sandbox-edit', 'create', 'virtualmachines.kubevirt.io', '-n', 'demo')).toBe(
      'yes',
    )
    expect(await canI('sandbox-view', 'create', 'virtualmachines.kubevirt.io', '-n', 'demo')).toBe(
      'no',
    )
    expect(await canI('sandbox-view', 'list', 'virtualmachines.kubevirt.io', '-n', 'demo')).toBe(
      'yes',
    )
    // Discovery names no such resource by itself, so only the rules review tells of a subresource.
    expect(await canI('sandbox-edit', '--list', '-n', 'demo')).toMatch(
      /^virtualmachineinstances\.subresources\.kubevirt\.io\/vnc\s.*\[get\]$/m,
    )
    expect(
      await canI('sandbox-edit', 'list', 'virtualmachines.kubevirt.io', '-n', 'kubevirt'),
    ).toBe('no')
  })

  it('refuses with the server’s words', async () => {
    expect(await refused('sandbox-none', 'get', 'vm', '-n', 'demo')).toContain(
      'virtualmachines.kubevirt.io is forbidden: User "sandbox-none" cannot list resource "virtualmachines" in API group "kubevirt.io" in the namespace "demo"',
    )
  })
})
