import './uploads-tray.css'
import { Button, Progress, ProgressMeasureLocation, ProgressVariant } from '@patternfly/react-core'
import { AngleDownIcon, AngleUpIcon, TimesIcon } from '@patternfly/react-icons'
import { useState, useSyncExternalStore } from 'react'
import { Link } from 'react-router'

import { persistentVolumeClaimKind } from '../../../kube/kinds.ts'
import { formatBytes } from '../../../kube/quantity.ts'
import { objectPagePath } from '../../ui/page-paths.ts'
import { timeLeft } from './upload-rate.ts'
import {
  cancelUpload,
  currentUploads,
  forgetUploads,
  isEnded,
  isGone,
  retryUpload,
  subscribeToUploads,
  type Upload,
} from './uploads.ts'

/** The uploads of this window, as a browser shows its downloads. */
export function UploadsTray() {
  const uploads = useSyncExternalStore(subscribeToUploads, currentUploads)
  const [isFolded, setFolded] = useState(false)
  const running = uploads.filter((upload) => !isEnded(upload)).length
  return (
    <section aria-label="Uploads" className="kc-uploads">
      <div className="kc-uploads-head">
        <Button
          variant="plain"
          size="sm"
          icon={isFolded ? <AngleUpIcon /> : <AngleDownIcon />}
          aria-label={isFolded ? 'Show uploads' : 'Fold uploads'}
          aria-expanded={!isFolded}
          onClick={() => setFolded(!isFolded)}
        />
        <span className="kc-uploads-title">{summary(uploads, running)}</span>
        {running < uploads.length && (
          <Button variant="link" size="sm" isInline onClick={() => forgetUploads()}>
            Clear ended
          </Button>
        )}
      </div>
      {!isFolded && (
        <ul>
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  )
}

function summary(uploads: readonly Upload[], running: number): string {
  if (running === 0)
    return uploads.length === 1 ? '1 upload ended' : `${uploads.length} uploads ended`
  const sent = uploads.filter((one) => !isEnded(one)).reduce((sum, one) => sum + one.sentBytes, 0)
  const all = uploads.filter((one) => !isEnded(one)).reduce((sum, one) => sum + one.fileBytes, 0)
  const percent = all === 0 ? 100 : Math.floor((sent / all) * 100)
  return `${running === 1 ? '1 upload' : `${running} uploads`} running, ${percent}% sent`
}

function UploadRow({ upload }: { upload: Upload }) {
  const { id, fileName, target } = upload
  const isOver = isEnded(upload)
  // Progress several times a second is not for being read out.
  const isSending = upload.phase === 'sending'
  const label = `Upload of ${fileName} into ${target.name}`
  return (
    <li className="kc-upload">
      <div className="kc-upload-facts">
        <div className="kc-upload-names">
          <span className="kc-upload-file" title={fileName}>
            {fileName}
          </span>
          <span className="kc-upload-target">
            into {isGone(upload) ? target.name : <ClaimLink {...target} />} in {target.namespace}
          </span>
        </div>
        <Progress
          aria-label={label}
          size="sm"
          value={percentOf(upload)}
          measureLocation={ProgressMeasureLocation.none}
          {...(variants[upload.phase] && { variant: variants[upload.phase]! })}
        />
        <output className="kc-upload-words" aria-live={isSending ? 'off' : 'polite'}>
          {words(upload)}
        </output>
        {isOver && upload.phase !== 'done' && (
          <Button
            variant="link"
            size="sm"
            isInline
            aria-label={`Try again to upload ${fileName}`}
            onClick={() => retryUpload(id)}
          >
            Try again
          </Button>
        )}
      </div>
      <Button
        variant="plain"
        size="sm"
        icon={<TimesIcon />}
        aria-label={isOver ? `Remove ${fileName} from the list` : `Cancel upload of ${fileName}`}
        data-hint={isOver ? 'Remove from the list' : 'Cancel'}
        onClick={() => (isOver ? forgetUploads(id) : cancelUpload(id))}
      />
    </li>
  )
}

function ClaimLink({ name, namespace }: Upload['target']) {
  return <Link to={objectPagePath(persistentVolumeClaimKind, { name, namespace })}>{name}</Link>
}

const variants: Partial<Record<Upload['phase'], ProgressVariant>> = {
  done: ProgressVariant.success,
  failed: ProgressVariant.danger,
  cancelled: ProgressVariant.warning,
}

function percentOf({ phase, sentBytes, fileBytes }: Upload): number {
  if (phase === 'done' || phase === 'processing' || fileBytes === 0) return 100
  return Math.floor((sentBytes / fileBytes) * 100)
}

function words(upload: Upload): string {
  const { phase, sentBytes, fileBytes, rate, message, left, target } = upload
  switch (phase) {
    case 'queued':
      return 'Waits for its turn'
    case 'preparing':
      return message ?? 'Preparing the volume'
    case 'sending':
      return [
        `${formatBytes(sentBytes)} of ${formatBytes(fileBytes)}`,
        rate !== undefined && `${formatBytes(rate)}/s`,
        timeLeft(fileBytes - sentBytes, rate),
      ]
        .filter(Boolean)
        .join(' · ')
    case 'processing':
      return `All sent; ${message ?? 'CDI converts the image'}`
    case 'done':
      return 'Done: the volume can be used'
    case 'failed':
      return `Failed: ${[message, left ?? madeWords(target.name)].filter(Boolean).join(' ')}`
    case 'cancelled':
      return `Cancelled. ${left ?? madeWords(target.name)}`
  }
}

function madeWords(name: string): string {
  return `DataVolume ${name} was deleted.`
}
