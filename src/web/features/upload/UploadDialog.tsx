import { zodResolver } from '@hookform/resolvers/zod'
import { Alert } from '@patternfly/react-core'
import { useEffect, useMemo, useState } from 'react'
import { useForm } from 'react-hook-form'

import { dataVolumeKind, type DataVolume } from '../../../kube/kinds.ts'
import { formatBytes, parseQuantity } from '../../../kube/quantity.ts'
import { useAccess } from '../../data/access.ts'
import { useHost, useKube } from '../../data/host-context.tsx'
import { useLiveObject } from '../../data/live-object.ts'
import { uploadWay } from '../../data/upload-way.ts'
import { createStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import type { UploadRequest } from '../../ui/upload-request.ts'
import { useImageCheck } from './image-check.ts'
import { ImageField } from './ImageField.tsx'
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

/** Uploads a file into a new DataVolume, or into one that waits for its upload. */
export function UploadDialog({
  request,
  onClose,
}: {
  request: UploadRequest
  onClose: () => void
}) {
  const client = useKube()
  const host = useHost()
  const { namespace, dataVolume: existing } = request
  const way = useMemo(() => uploadWay(host, client), [host, client])
  const [file, setFile] = useState<File>()
  const image = useImageCheck(file)
  const target = useExisting(namespace, existing)
  const fixedBytes = target && parseQuantity(requestedSize(target))
  const schema = uploadSchema(image, fixedBytes)
  const form = useForm<UploadValues>({
    resolver: zodResolver(schema),
    defaultValues: {
      file: '',
      name: existing ?? request.proposedName ?? '',
      sizeGiB: '10',
      storageClass: '',
      accessMode: '',
      volumeMode: '',
    },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const proposal =
    existing === undefined && request.proposedName === undefined ? file?.name : undefined
  useProposals(image, proposal, form)
  const denial = useDenial(namespace, existing === undefined)

  function choose(chosen: File | undefined): void {
    setFile(chosen)
    const key = chosen ? `${chosen.name} ${chosen.size} ${chosen.lastModified}` : ''
    form.setValue('file', key, { shouldDirty: true, shouldValidate: true })
  }

  function begin(volume: DataVolume): void {
    if (!file) return
    const { name, uid } = volume.metadata
    const isMade = existing === undefined
    startUpload({ client, way, file, target: { namespace, name, uid, isMade } })
    request.onStarted?.(name)
  }

  const parsed = schema.safeParse(values)
  const isComplete = parsed.success && file !== undefined && image !== undefined
  const command = virtctlCommand(values, {
    namespace,
    fileName: file?.name ?? 'FILE',
    isNew: existing === undefined,
  })
  const step =
    existing === undefined
      ? createStep(
          client,
          dataVolumeKind,
          uploadManifest(values, namespace),
          uploadFieldRules,
          begin,
        )
      : target && existingStep(target, begin)
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
      title={existing === undefined ? 'Upload a disk image' : `Upload into ${existing}`}
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
      {existing === undefined && <VolumeFields form={form} />}
    </FormShell>
  )
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

function useExisting(namespace: string, name: string | undefined): DataVolume | undefined {
  const { object } = useLiveObject(
    dataVolumeKind,
    name === undefined ? undefined : { namespace, name },
  )
  return object
}

function requestedSize({ spec }: DataVolume): string | undefined {
  const request = (spec?.storage ?? spec?.pvc) as
    | { resources?: { requests?: { storage?: string } } }
    | undefined
  return request?.resources?.requests?.storage
}

/** Nothing is created: the DataVolume is only looked at. */
function existingStep(volume: DataVolume, onSent: (volume: DataVolume) => void): FormStep {
  const { name, namespace } = volume.metadata
  return {
    title: `Upload into DataVolume ${name}`,
    body: {
      apiVersion: 'upload.cdi.kubevirt.io/v1beta1',
      kind: 'UploadTokenRequest',
      metadata: { name, namespace },
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
