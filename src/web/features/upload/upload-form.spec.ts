import { describe, expect, it } from 'vitest'

import {
  nameFromFile,
  neededGiB,
  uploadManifest,
  uploadSchema,
  virtctlCommand,
  type UploadValues,
} from './upload-form.ts'

const gib = 2 ** 30
const values: UploadValues = {
  file: 'fedora.qcow2',
  name: 'fedora',
  sizeGiB: '20',
  storageClass: '',
  accessMode: 'ReadWriteOnce',
  volumeMode: 'Filesystem',
  into: '',
}

function problems(change: Partial<UploadValues>, image?: object, fixedBytes?: number) {
  const result = uploadSchema(image, fixedBytes).safeParse({ ...values, ...change })
  return result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

describe('the values', () => {
  it('need a file that is one, and a size that holds its disk', () => {
    expect(problems({})).toEqual([])
    expect(problems({ file: '' })).toEqual(['file: Choose a disk image.'])
    expect(problems({}, { problem: 'This is a ZIP archive.' })).toEqual([
      'file: This is a ZIP archive.',
    ])
    expect(problems({}, { virtualBytes: 20 * gib })).toEqual([])
    expect(problems({}, { virtualBytes: 20 * gib + 1 })).toEqual([
      'sizeGiB: The disk of this image has 20 GiB: take 21 GiB or more.',
    ])
    expect(problems({}, { virtualBytes: 20 * gib }, 10 * gib)).toEqual([
      'file: The disk of this image has 20 GiB, the volume only 10 GiB.',
    ])
  })

  it('leave the storage class to the cluster where none is chosen', () => {
    expect(uploadManifest(values, 'demo').spec).toEqual({
      source: { upload: {} },
      storage: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        resources: { requests: { storage: '20Gi' } },
      },
    })
    const chosen: UploadValues = {
      ...values,
      storageClass: 'fast',
      accessMode: 'ReadWriteMany',
      volumeMode: 'Block',
    }
    expect(uploadManifest(chosen, 'demo').spec.storage).toMatchObject({
      storageClassName: 'fast',
      accessModes: ['ReadWriteMany'],
      volumeMode: 'Block',
    })
    expect(
      virtctlCommand(chosen, { namespace: 'demo', fileName: "it's.img", into: undefined }),
    ).toBe(
      `virtctl image-upload dv fedora --namespace demo --image-path 'it'\\''s.img' --size 20Gi --force-bind --storage-class fast --access-mode ReadWriteMany --volume-mode block`,
    )
  })
})

it.each([
  ['Fedora-Cloud 40.x86_64.qcow2', 'fedora-cloud-40.x86-64'],
  ['disk.img.xz', 'disk'],
  ['---.iso', ''],
  ['ubuntu.iso', 'ubuntu'],
])('%s gives the name %j', (file, name) => {
  expect(nameFromFile(file)).toBe(name)
})

it.each([
  [1, '0.125'],
  [gib, '1'],
  [gib + 1, '2'],
  [gib * 0.3, '0.375'],
])('%d bytes need %s GiB', (bytes, size) => {
  expect(neededGiB(bytes)).toBe(size)
})
