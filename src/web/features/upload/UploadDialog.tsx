import { zodResolver } from '@hookform/resolvers/zod'
import { Alert } from '@patternfly/react-core'
import { useEffect, useMemo, useState } from 'react'
import { useForm } from 'react-hook-form'

import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  type DataVolume,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { formatBytes, parseQuantity } from '../../../kube/quantity.ts'
import { useAccess } from '../../data/access.ts'
import { useHost, useKube } from '../../data/host-context.tsx'
import { useLiveObject } from '../../data/live-object.ts'
import { uploadWay } from '../../data/upload-way.ts'
import { createStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import type { UploadRequest, UploadVolume } from '../../ui/upload-request.ts'
import { useImageCheck } from './image-check.ts'
import { ImageField } from './ImageField.tsx'
import { IntoField } from './IntoField.tsx'
import { ProxyNotice } from './ProxyNotice.tsx'
import {
  nameFromFile,
  neededGiB,
  uploadFieldRules,
  uploadManifest,
  uploadSchema,
  virtctlCommand,
  type UploadValues,
} from './upload-form.ts'
import { startUpload } from './uploads.ts'
import { VolumeFields } from './VolumeFields.tsx'

/** As `into` of the form names it. */
function volumeNamed(into: string): UploadVolume | undefined {
  const [, kind, name] = /^(DataVolume|PersistentVolumeClaim)\/(.+)$/.exec(into) ?? []
  return name === undefined ? undefined : { kind: kind as UploadVolume['kind'], name }
}

/** Uploads a file into a new DataVolume, or into a volume that waits for its upload. */
export function UploadDialog({
  request,
  onClose,
}: {
  request: UploadRequest
  onClose: () => void
}) {
  const client = useKube()
  const host = useHost()
  const { namespace } = request
  const way = useMemo(() => uploadWay(host, client), [host, client])
  const [file, setFile] = useState<File | undefined>(request.file)
  const image = useImageCheck(file)
  const [into, setInto] = useState(request.into)
  const target = useExisting(namespace, into)
  const fixedBytes = target && parseQuantity(requestedSize(target))
  const schema = uploadSchema(image, fixedBytes)
  const form = useForm<UploadValues>({
    resolver: zodResolver(schema),
    defaultValues: {
      file: fileKey(request.file),
      name: request.proposedName ?? '',
      sizeGiB: '10',
      storageClass: '',
      accessMode: 'ReadWriteOnce',
      volumeMode: 'Filesystem',
      into: request.into ? `${request.into.kind}/${request.into.name}` : '',
    },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const proposal = !into && request.proposedName === undefined ? file?.name : undefined
  useProposals(image, proposal, form)
  const denial = useDenial(namespace, !into)

  function choose(chosen: File | undefined): void {
    setFile(chosen)
    form.setValue('file', fileKey(chosen), { shouldDirty: true, shouldValidate: true })
  }

  const manifest = uploadManifest(values, namespace)

  function begin({ metadata: { name, uid } }: Volume): void {
    if (!file) return
    const kind = into?.kind ?? 'DataVolume'
    startUpload({
      client,
      way,
      file,
      manifest,
      target: { kind, namespace, name, uid, isMade: !into },
    })
    request.onStarted?.(name)
  }

  const parsed = schema.safeParse(values)
  const isComplete = parsed.success && file !== undefined && image !== undefined
  const command = virtctlCommand(values, {
    namespace,
    fileName: file?.name ?? 'FILE',
    into,
  })
  const step = into
    ? target && existingStep(into, target, begin)
    : createStep(client, dataVolumeKind, manifest, uploadFieldRules, begin)
  const steps: FormStep[] | undefined =
    isComplete && step && denial === undefined
      ? [
          {
            ...step,
            command,
            send: (options) => way.check(options.signal).then(() => step.send(options)),
          },
        ]
      : undefined

  return (
    <FormShell
      title={request.into ? `Upload into ${request.into.name}` : 'Upload a disk image'}
      description="The file goes from this browser to the cluster, where CDI turns it into a disk."
      form={form}
      steps={steps}
      effect={{
        when: 'now',
        sentence:
          'The upload goes on while you use other pages of the console; this window has to stay open.',
      }}
      submitLabel={
        file && image && image.problem === undefined ? `Upload ${formatBytes(file.size)}` : 'Upload'
      }
      onReload={() => Promise.resolve()}
      onClose={onClose}
    >
      {denial !== undefined && (
        <Alert isInline variant="warning" title="You may not upload here">
          {denial}
        </Alert>
      )}
      <ProxyNotice way={way} command={command} />
      <ImageField
        file={file}
        image={image}
        problem={form.formState.errors.file?.message}
        onFile={choose}
      />
      {!request.into && (
        <IntoField
          form={form}
          namespace={namespace}
          onChosen={(chosen) => setInto(volumeNamed(chosen))}
        />
      )}
      {!into && <VolumeFields form={form} />}
    </FormShell>
  )
}

function fileKey(file: File | undefined): string {
  return file ? `${file.name} ${file.size} ${file.lastModified}` : ''
}

/** Takes size and name from the image once it is known, unless they were typed. */
function useProposals(
  image: ReturnType<typeof useImageCheck>,
  fileName: string | undefined,
  form: ReturnType<typeof useForm<UploadValues>>,
): void {
  const { setValue, getFieldState, trigger } = form
  useEffect(() => {
    if (!image) return
    const { virtualBytes } = image
    if (virtualBytes !== undefined && !getFieldState('sizeGiB').isTouched)
      setValue('sizeGiB', neededGiB(virtualBytes))
    if (fileName !== undefined && image.problem === undefined && !getFieldState('name').isTouched)
      setValue('name', nameFromFile(fileName), { shouldDirty: true })
    void trigger(['file', 'sizeGiB'])
  }, [image, fileName, setValue, getFieldState, trigger])
}

function useDenial(namespace: string, isNew: boolean): string | undefined {
  const volume = useAccess({
    verb: 'create',
    group: dataVolumeKind.group,
    resource: dataVolumeKind.plural,
    namespace,
  })
  const token = useAccess({
    verb: 'create',
    group: 'upload.cdi.kubevirt.io',
    resource: 'uploadtokenrequests',
    namespace,
  })
  if (token.allowed === false) return token.reason ?? 'You may not upload to this namespace.'
  if (isNew && volume.allowed === false)
    return volume.reason ?? 'You may not create DataVolumes in this namespace.'
  return undefined
}

type Volume = DataVolume | PersistentVolumeClaim

function useExisting(namespace: string, into: UploadVolume | undefined): Volume | undefined {
  const refOf = (kind: UploadVolume['kind']) =>
    into?.kind === kind ? { namespace, name: into.name } : undefined
  const dataVolume = useLiveObject(dataVolumeKind, refOf('DataVolume')).object
  const claim = useLiveObject(persistentVolumeClaimKind, refOf('PersistentVolumeClaim')).object
  return dataVolume ?? claim
}

function requestedSize({ spec }: Volume): string | undefined {
  const of = spec as DataVolume['spec'] & PersistentVolumeClaim['spec']
  const request = (of?.storage ?? of?.pvc ?? of) as
    | { resources?: { requests?: { storage?: string } } }
    | undefined
  return request?.resources?.requests?.storage
}

/** Nothing is created: the volume is only looked at. */
function existingStep(
  { kind, name }: UploadVolume,
  volume: Volume,
  onSent: (volume: Volume) => void,
): FormStep {
  return {
    title: `Upload into ${kind} ${name}`,
    body: {
      apiVersion: 'upload.cdi.kubevirt.io/v1beta1',
      kind: 'UploadTokenRequest',
      metadata: { name, namespace: volume.metadata.namespace },
      spec: { pvcName: name },
    },
    command: '',
    rules: [],
    send({ dryRun }) {
      if (!dryRun) onSent(volume)
      return Promise.resolve()
    },
  }
}
