/** Any manifest → form → manifest: nothing is lost and nothing is changed that wasn't meant to be. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { editNicPatch, removeNicPatch } from '../../../../kube/nic-patch.ts'
import { nicsOf, templateSpec } from '../../../../kube/vm-devices.ts'
import { nicFromValues, nicToValues } from '../../../ui/nics/nic-form.ts'
import { bootSource, type BootSource } from './boot-source.ts'
import { userData } from './cloud-init-volume.ts'
import { cloudConfigField } from './cloud-init.ts'
import { draftText, readDraft } from './draft-text.ts'
import type { Draft } from './draft.ts'
import { draftFields as fields, textFields as texts } from './field-list.ts'
import { vmOf, withPatch } from './nics.ts'
import { withoutSecrets } from './stored-draft.ts'
import { firmware, vmName } from './vm-fields.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/)
/** Whatever else a manifest may hold, which no field knows. */
const unknownPart = fc.dictionary(
  word.map((key) => `x${key}`),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 2 },
)
const quantity = fc.constantFrom('1Gi', '512Mi', '2G', '1.5Gi', '100k')
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const cloudText = fc.constantFrom(
  '#cloud-config\nuser: ada # who\npassword: x\n',
  '#cloud-config\nruncmd:\n  - [echo, one]\n  - echo two\nwrite_files: []\n',
  '#!/bin/sh\necho hi\n',
  '#cloud-config\n- broken: [\n',
)

const networkText = fc.constantFrom(
  'version: 2\nethernets:\n  eth0: { dhcp4: true } # as ever\n',
  'network:\n  version: 2\n  ethernets: {}\n',
  'version: 1\nconfig: []\n',
  'broken: [\n',
)

const credential = fc.oneof(
  fc.record({
    sshPublicKey: fc.record({
      source: fc.record({ secret: fc.record({ secretName: word }) }),
      propagationMethod: fc.oneof(
        fc.constant({ noCloud: {} }),
        fc.record({ qemuGuestAgent: fc.record({ users: fc.array(word, { maxLength: 2 }) }) }),
      ),
    }),
  }),
  fc.record({ userPassword: unknownPart }),
)

const volumeSource = fc.oneof(
  fc.record({ containerDisk: fc.record({ image: word, imagePullPolicy: word }) }),
  fc.record({ persistentVolumeClaim: fc.record({ claimName: word, readOnly: fc.boolean() }) }),
  fc.constantFrom('dv-0', 'dv-1').map((name) => ({ dataVolume: { name } })),
  fc.record({ cloudInitNoCloud: fc.record({ userData: cloudText }) }),
  fc.record({ cloudInitNoCloud: fc.record({ userData: cloudText, networkData: networkText }) }),
  fc.record({ cloudInitConfigDrive: fc.record({ networkData: networkText }) }),
  fc.record({ cloudInitNoCloud: fc.record({ secretRef: fc.record({ name: word }) }) }),
  fc.record({ emptyDisk: fc.record({ capacity: quantity }) }),
  fc.record({ sysprep: fc.record({ configMap: fc.record({ name: word }) }) }),
)

function named<T extends object>(prefix: string, value: fc.Arbitrary<T>) {
  return fc
    .array(value, { maxLength: 4 })
    .map((all) => all.map((one, index) => ({ name: `${prefix}-${index}`, ...one })))
}

const templateSource = fc.oneof(
  fc.record({ source: fc.record({ http: fc.record({ url: fc.webUrl() }) }) }),
  fc.record({ source: fc.constant({ blank: {} }) }),
  fc.record({ source: fc.record({ pvc: fc.record({ name: word, namespace: word }) }) }),
  fc.record({ sourceRef: fc.record({ kind: fc.constant('DataSource'), name: word }) }),
)

const defined = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T

const anyVm = fc
  .record({
    unknown: unknownPart,
    unknownSpec: unknownPart,
    metadata: fc.record({
      name: word,
      namespace: optional(word),
      labels: optional(fc.dictionary(word, word, { maxKeys: 2 })),
      annotations: optional(fc.dictionary(word, fc.string(), { maxKeys: 2 })),
    }),
    runStrategy: optional(fc.constantFrom('Always', 'Halted', 'Odd')),
    instancetype: optional(
      fc.oneof(
        fc.record({ name: word, kind: optional(word), revisionName: optional(word) }),
        fc.record({ inferFromVolume: word }),
      ),
    ),
    cpu: optional(
      fc.record({ cores: optional(fc.nat(8)), sockets: optional(fc.nat(4)), model: word }),
    ),
    memory: optional(fc.record({ guest: optional(quantity), maxGuest: optional(quantity) })),
    firmware: optional(
      fc.record({
        uuid: word,
        bootloader: optional(
          fc.constantFrom(
            { bios: {} },
            { efi: {} },
            { efi: { secureBoot: false, persistent: true } },
          ),
        ),
      }),
    ),
    disks: named(
      'disk',
      fc.oneof(
        fc.record({ disk: fc.record({ bus: word }), bootOrder: fc.integer({ min: 1, max: 9 }) }),
        fc.record({ cdrom: fc.record({ bus: word }) }),
        unknownPart,
      ),
    ),
    volumes: named('disk', volumeSource),
    interfaces: named('nic', fc.constantFrom({ masquerade: {} }, { bridge: {}, model: 'e1000' })),
    networks: named(
      'nic',
      fc.constantFrom({ pod: {} }, { multus: { networkName: 'a', default: true } }),
    ),
    templates: fc.array(templateSource, { maxLength: 2 }),
    startStrategy: optional(fc.constant('Paused')),
    nodeSelector: optional(fc.dictionary(word, word, { maxKeys: 2 })),
    affinity: optional(fc.record({ nodeAffinity: unknownPart, podAffinity: unknownPart })),
    tolerations: optional(fc.array(fc.record({ key: word, operator: word }), { maxLength: 2 })),
    instanceLabels: optional(fc.dictionary(word, word, { maxKeys: 2 })),
    gpus: optional(fc.array(fc.record({ name: word, deviceName: word, tag: word }))),
    tpm: optional(
      fc.constantFrom({}, { persistent: true }, { enabled: false }, { persistent: false }),
    ),
    accessCredentials: optional(fc.array(credential, { maxLength: 3 })),
  })
  .map(
    (part) =>
      defined({
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        metadata: part.metadata,
        spec: {
          ...part.unknownSpec,
          runStrategy: part.runStrategy,
          instancetype: part.instancetype,
          dataVolumeTemplates: part.templates.map((spec, index) => ({
            metadata: { name: `dv-${index}` },
            spec: { ...spec, storage: { resources: { requests: { storage: '1Gi' } } } },
          })),
          template: {
            metadata: part.instanceLabels && { labels: part.instanceLabels },
            spec: {
              ...part.unknown,
              affinity: part.affinity,
              tolerations: part.tolerations,
              startStrategy: part.startStrategy,
              nodeSelector: part.nodeSelector,
              accessCredentials: part.accessCredentials,
              domain: {
                ...part.unknown,
                cpu: part.cpu,
                memory: part.memory,
                firmware: part.firmware,
                devices: {
                  disks: part.disks,
                  interfaces: part.interfaces,
                  gpus: part.gpus,
                  tpm: part.tpm,
                  ...part.unknown,
                },
              },
              volumes: part.volumes,
              networks: part.networks,
            },
          },
        },
      }) as unknown as Draft['vm'],
  )

const anyDraft: fc.Arbitrary<Draft> = anyVm.map((vm) => ({
  vm,
  others: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'beside' } }],
}))

describe('any VM manifest', () => {
  it.each(Object.entries(fields))('is the same after %s is set to what it is', (_name, field) => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const before = structuredClone(draft)
        expect(field.set(draft, field.get(draft))).toEqual(before)
      }),
      { numRuns: 25 },
    )
  })

  it('is the same after each of its NICs has been through its form', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const before = structuredClone(draft)
        for (const nic of nicsOf(templateSpec(vmOf(draft)))) {
          if (!nic.network) continue
          const same = nicFromValues(nicToValues(nic), nic)
          const patch = editNicPatch(vmOf(draft), nic.iface.name, same)
          expect(withPatch(draft, patch)).toEqual(before)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('loses a removed NIC and nothing else', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const [nic] = nicsOf(templateSpec(vmOf(draft)))
        if (!nic) return
        const after = withPatch(draft, removeNicPatch(vmOf(draft), nic.iface.name))
        const left = nicsOf(templateSpec(vmOf(after))).map(({ iface }) => iface.name)
        expect(left).not.toContain(nic.iface.name)
        expect(unknownParts(after)).toEqual(unknownParts(draft))
      }),
      { numRuns: 50 },
    )
  })

  it('is the same after its text has been read', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        expect(readDraft(draftText(draft))).toEqual({ draft })
      }),
      { numRuns: 50 },
    )
  })

  it.each(Object.entries(texts))(
    'keeps what %s does not know when it is changed',
    (_name, field) => {
      fc.assert(
        fc.property(anyDraft, word, (draft, value) => {
          const before = structuredClone(draft)
          const changed = field.set(draft, value)
          // What it was given is not written to.
          expect(draft).toEqual(before)
          expect(unknownParts(changed)).toEqual(unknownParts(before))
          expect(changed.others).toMatchObject(before.others)
        }),
        { numRuns: 25 },
      )
    },
  )
})

/** What the generator puts where no field looks. */
function unknownParts({ vm }: Draft): unknown {
  const own = (object: object) =>
    Object.entries(object).filter(([key]) => key.startsWith('x') || key === 'annotations')
  const { spec } = vm
  const template = spec.template.spec
  return [
    own(vm.metadata),
    own(spec),
    own(template ?? {}),
    own(template?.domain ?? {}),
    own(template?.domain.devices ?? {}),
    template?.domain.cpu?.model,
    template?.domain.firmware?.uuid,
    template?.domain.memory?.maxGuest,
  ]
}

describe('the fields', () => {
  const blank = (): Draft => ({
    vm: {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'web' },
      spec: { template: { spec: { domain: { devices: {} } } } },
    },
    others: [],
  })

  it('read what was written', () => {
    const sources: BootSource[] = [
      { kind: 'image', namespace: 'demo', name: 'debian' },
      { kind: 'claim', name: 'data' },
      { kind: 'containerDisk', image: 'fedora' },
      { kind: 'url', url: 'https://x/y.qcow2' },
      { kind: 'registry', url: 'docker://x' },
      { kind: 'blank' },
      { kind: 'dataVolume', name: 'uploaded' },
      { kind: 'snapshot', name: 'before-update' },
    ]
    for (const source of sources)
      expect(bootSource.get(bootSource.set(blank(), source))).toEqual(source)
    for (const [name, text] of Object.entries({ cpuCount: '4', memoryGiB: '1.5', labels: 'a=b' }))
      expect(texts[name]?.get(texts[name].set(blank(), text))).toBe(text)
  })

  it('put a long first boot into a Secret that is named as the VM, and back', () => {
    const commands = cloudConfigField('commands')
    const long = commands.set(blank(), Array.from({ length: 200 }, () => 'echo hello').join('\n'))
    expect(long.others).toMatchObject([{ kind: 'Secret', metadata: { name: 'web-cloud-init' } }])
    expect(commands.get(vmName.set(long, 'db'))).toBe(commands.get(long))
    expect(vmName.set(long, 'db').others[0]?.metadata.name).toBe('db-cloud-init')
    const short = commands.set(long, 'echo hello')
    expect(short.others).toEqual([])
    expect(userData.get(short)).toBe('#cloud-config\nruncmd:\n  - echo hello\n')
  })

  it('keep what else there is of UEFI when secure boot is chosen', () => {
    const draft = blank()
    const efi = { secureBoot: false, persistent: true }
    draft.vm.spec.template.spec!.domain.firmware = { bootloader: { efi } }
    const { domain } = firmware.set(draft, 'secure').vm.spec.template.spec!
    expect(domain.firmware?.bootloader?.efi).toEqual({ persistent: true })
    expect(domain.features?.smm).toEqual({ enabled: true })
  })

  it('rename the disks with the VM', () => {
    const draft = bootSource.set(blank(), { kind: 'blank' })
    const { vm } = vmName.set(draft, 'db')
    expect(vm.spec.dataVolumeTemplates?.[0]?.metadata?.name).toBe('db-rootdisk')
    expect(vm.spec.template.spec?.volumes?.[0]?.dataVolume?.name).toBe('db-rootdisk')
  })

  it('are kept without what is secret', () => {
    const password = cloudConfigField('password')
    const draft = password.set(
      bootSource.set(blank(), { kind: 'url', url: 'https://me:s3cret@x/y' }),
      'hunter2',
    )
    const kept = JSON.stringify(withoutSecrets(draft))
    expect(kept).not.toMatch(/hunter2|s3cret/)
    expect(kept).toContain('https://x/y')
  })
})
