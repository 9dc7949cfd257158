import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useNavigate } from 'react-router'

import type { KubeClient } from '../../../kube/client.ts'
import {
  dataImportCronKind,
  dataSourceKind,
  dataVolumeKind,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'
import { putInLiveCache } from '../../data/live-cache.ts'
import { createStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'
import { showToast } from '../../ui/toasts.tsx'
import { askForUpload } from '../../ui/upload-request.ts'
import {
  cronManifest,
  dataSourceManifest,
  imageRules,
  imageSchema,
  isKeptUpToDate,
  newImage,
  volumeManifest,
  type ImageValues,
} from './image-form.ts'
import { ImageFields } from './ImageFields.tsx'

const buttons: Record<ImageValues['source'], string> = {
  url: 'Add and import',
  registry: 'Add and import',
  upload: 'Choose the file',
  claim: 'Add',
  snapshot: 'Add',
}

function sentenceOf(values: ImageValues): string {
  if (isKeptUpToDate(values))
    return 'CDI asks the registry, imports the image, and imports it anew whenever it has changed.'
  switch (values.source) {
    case 'upload':
      return 'The file is chosen next; VMs can start from it when it has arrived.'
    case 'claim':
      return values.isCopied
        ? 'The claim is copied; VMs can start from the copy when it is complete.'
        : 'VMs are cloned from the claim as it is then.'
    case 'snapshot':
      return 'VMs can start from it at once.'
    default:
      return 'CDI imports the image; VMs can start from it when that is done.'
  }
}

/** Adds a bootable volume: from an address, an upload, a claim or a snapshot. */
export function AddImageDialog({ namespace, onClose }: { namespace: string; onClose: () => void }) {
  const client = useKube()
  const navigate = useNavigate()
  const form = useForm<ImageValues>({
    resolver: zodResolver(imageSchema),
    defaultValues: newImage,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const parsed = imageSchema.safeParse(values)
  const show = (name: string) => void navigate(objectPagePath(dataSourceKind, { namespace, name }))
  return (
    <FormShell
      title={`Add bootable volume in ${namespace}`}
      form={form}
      steps={parsed.success ? stepsOf(client, parsed.data, namespace, show) : undefined}
      effect={{ when: 'now', sentence: sentenceOf(values) }}
      submitLabel={buttons[values.source]}
      onReload={async () => undefined}
      onClose={onClose}
    >
      <ImageFields form={form} values={values} namespace={namespace} />
    </FormShell>
  )
}

/** @param onAdded told the name of the DataSource */
function stepsOf(
  client: KubeClient,
  values: ImageValues,
  namespace: string,
  onAdded: (name: string) => void,
): FormStep<keyof ImageValues>[] {
  const dataSource = dataSourceManifest(values, namespace)
  const { name } = dataSource.metadata
  const create = (kind: ResourceKind, manifest: typeof dataSource | object, isLast: boolean) =>
    createStep(client, kind, manifest as typeof dataSource, imageRules, () => {
      if (isLast) onAdded(name)
    })
  // The cron makes the DataSource, in its own time; it then shows in the list.
  if (isKeptUpToDate(values))
    return [create(dataImportCronKind, cronManifest(values, namespace), false)]
  if (values.source === 'upload') return [uploadStep(client, dataSource, onAdded)]
  const volume = volumeManifest(values, namespace)
  return [
    ...(volume ? [create(dataVolumeKind, volume, false)] : []),
    create(dataSourceKind, dataSource, true),
  ]
}

/** Tries the DataSource, opens the upload, and makes the DataSource once there is a volume for it. */
function uploadStep(
  client: KubeClient,
  manifest: ReturnType<typeof dataSourceManifest>,
  onAdded: (name: string) => void,
): FormStep<keyof ImageValues> {
  const { name, namespace } = manifest.metadata
  const step = createStep(client, dataSourceKind, manifest, imageRules, () => undefined)
  async function add(claim: string): Promise<void> {
    const spec = { source: { pvc: { namespace, name: claim } } }
    const made = await client.create(dataSourceKind, namespace, { ...manifest, spec })
    putInLiveCache(client, dataSourceKind, made)
    onAdded(name)
  }
  return {
    ...step,
    send: async (options) => {
      if (options.dryRun) return step.send(options)
      askForUpload({
        namespace,
        proposedName: name,
        onStarted: (claim) => {
          add(claim).catch((cause: unknown) =>
            showToast({
              variant: 'danger',
              title: `${name} was not added to the bootable volumes`,
              body: `The upload goes on. ${cause instanceof Error ? cause.message : String(cause)}`,
            }),
          )
        },
      })
    },
  }
}
