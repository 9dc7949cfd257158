import {
  Alert,
  AlertActionLink,
  Button,
  Checkbox,
  FormSelect,
  FormSelectOption,
  SearchInput,
  Switch,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core'
import { CopyIcon, DownloadIcon } from '@patternfly/react-icons'
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useSearchParams } from 'react-router'

import type { Pod } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { podLogPath } from '../../../kube/pod-log.ts'
import {
  defaultContainer,
  podContainers,
  podStatus,
  type PodContainer,
} from '../../../kube/pod-status.ts'
import { useAccess } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { copyToClipboard } from '../../ui/clipboard.ts'
import { downloadFile } from '../../ui/download-file.ts'
import { formatNumber } from '../../ui/language.ts'
import { ErrorState, LoadingLines, MissingState } from '../../ui/PageStates.tsx'
import { useStoredChoice } from '../../ui/stored-choice.ts'
import { showToast } from '../../ui/toasts.tsx'
import { foundLines, linesText, LogView } from './LogView.tsx'
import type { PodLogState } from './pod-log.ts'
import type { PodSubject } from './PodDetailsPage.tsx'
import { usePodLog } from './use-pod-log.ts'

const tailLines = 1000

/** The log of a container: what it says now, and what it said before its last restart. */
export function PodLogTab({ pod, isGone }: PodSubject) {
  const [search, setSearch] = useSearchParams()
  const containers = podContainers(pod)
  const asked = search.get('container') ?? defaultContainer(pod)
  const container = containers.find(({ name }) => name === asked)
  const { allowed, reason } = useAccess({
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'log',
    namespace: pod.metadata.namespace ?? '',
  })
  if (allowed === false)
    return (
      <MissingState title="Logs can’t be read" headingLevel="h2">
        {reason}
      </MissingState>
    )
  if (!container)
    return (
      <MissingState title="No such container" headingLevel="h2">
        {pod.metadata.name} has no container “{asked}”.{' '}
        <Button variant="link" isInline onClick={() => setSearch({}, { replace: true })}>
          Choose another
        </Button>
      </MissingState>
    )
  return (
    <ContainerLog
      key={container.name}
      pod={pod}
      isGone={isGone}
      containers={containers}
      container={container}
      onContainer={(name) => setSearch({ container: name }, { replace: true })}
    />
  )
}

function ContainerLog({
  pod,
  isGone,
  containers,
  container,
  onContainer,
}: PodSubject & {
  containers: readonly PodContainer[]
  container: PodContainer
  onContainer: (name: string) => void
}) {
  const { namespace = '', name } = pod.metadata
  const [isFollowed, setIsFollowed] = useState(true)
  const [isPrevious, setIsPrevious] = useState(false)
  const [wrap, storeWrap] = useStoredChoice('log-wrap')
  const [times, storeTimes] = useStoredChoice('log-times')
  const [filter, setFilter] = useState('')
  const shownFilter = useDeferredValue(filter)
  const hasTimes = times === 'true'
  const { state, restarts } = container
  const log = usePodLog(
    { namespace, name },
    { container: container.name, previous: isPrevious, tailLines },
    {
      isFollowed,
      isRunning: state.phase === 'running',
      isGone,
      run: `${state.phase} ${state.since ?? ''} ${restarts}`,
    },
  )
  const found = useMemo(
    () =>
      shownFilter === ''
        ? log.lineCount
        : log.chunks.reduce((sum, chunk) => sum + foundLines(chunk, shownFilter).length, 0),
    [log.chunks, log.lineCount, shownFilter],
  )
  const hasPrevious = restarts > 0
  // A pod without a node answers with an empty log.
  const isWaiting = log.lineCount === 0 && state.phase === 'waiting' && !isPrevious
  const status = isWaiting ? 'waiting' : log.status
  const shown = { ...log, status } as const

  return (
    <div className="kc-log-tab">
      <Toolbar className="kc-tab-toolbar" aria-label="Log">
        <ToolbarContent>
          <ToolbarItem>
            <FormSelect
              aria-label="Container"
              value={container.name}
              onChange={(_event, value) => onContainer(value)}
            >
              {containers.map((one) => (
                <FormSelectOption key={one.name} value={one.name} label={one.name} />
              ))}
            </FormSelect>
          </ToolbarItem>
          <ToolbarItem className="kc-search">
            <SearchInput
              aria-label="Filter lines"
              placeholder="Filter lines"
              value={filter}
              onChange={(_event, value) => setFilter(value)}
              onClear={() => setFilter('')}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Switch
              id="log-follow"
              label="Follow"
              isChecked={isFollowed}
              onChange={(_event, isChecked) => setIsFollowed(isChecked)}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Checkbox
              id="log-previous"
              label={hasPrevious ? 'Previous run' : 'Previous run (none)'}
              isChecked={isPrevious}
              isDisabled={!hasPrevious && !isPrevious}
              onChange={(_event, isChecked) => setIsPrevious(isChecked)}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Checkbox
              id="log-wrap"
              label="Wrap"
              isChecked={wrap !== 'false'}
              onChange={(_event, isChecked) => storeWrap(String(isChecked))}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Checkbox
              id="log-times"
              label="Times"
              isChecked={hasTimes}
              onChange={(_event, isChecked) => storeTimes(String(isChecked))}
            />
          </ToolbarItem>
          <ToolbarItem>
            <LogButtons
              copied={() =>
                log.chunks
                  .map((chunk) => linesText(foundLines(chunk, shownFilter), hasTimes))
                  .join('')
              }
              path={podLogPath(
                { namespace, name },
                { container: container.name, previous: isPrevious, timestamps: hasTimes },
              )}
              fileName={`${name}-${container.name}${isPrevious ? '-previous' : ''}.log`}
              isGone={isGone}
            />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <p className="kc-muted">
        <output>
          {isGone
            ? 'The pod is gone; this is what was read of its log.'
            : stateWords(shown, container)}
        </output>{' '}
        {log.lineCount > 0 && countWords(log, found, shownFilter)}
      </p>
      {log.status === 'failed' && log.lineCount > 0 && (
        <Alert
          isInline
          component="p"
          variant="danger"
          title="The log can’t be read on"
          actionLinks={<AlertActionLink onClick={log.retry}>Try again</AlertActionLink>}
        >
          {log.error?.message}
        </Alert>
      )}
      <LogBody log={shown} pod={pod} container={container} isGone={isGone}>
        <LogView
          label={`Log of ${container.name}`}
          chunks={log.chunks}
          filter={shownFilter}
          isWrapped={wrap !== 'false'}
          hasTimes={hasTimes}
        />
      </LogBody>
    </div>
  )
}

function LogBody({
  log,
  pod,
  container,
  isGone,
  children,
}: {
  log: PodLogState & { retry: () => void }
  pod: Pod
  container: PodContainer
  isGone: boolean
  children: ReactNode
}) {
  if (log.lineCount > 0) return children
  if (isGone) return null
  switch (log.status) {
    case 'loading':
      return <LoadingLines label="Loading the log" />
    case 'failed':
      return <ErrorState title="The log can’t be read" error={log.error} onRetry={log.retry} />
    case 'waiting':
      return (
        <MissingState title="No log yet" headingLevel="h2">
          {container.name} has not started.{' '}
          {container.state.detail ?? podStatus(pod).reason ?? log.error?.message}
        </MissingState>
      )
    default:
      return children
  }
}

function stateWords(log: PodLogState, { state }: PodContainer): string {
  switch (log.status) {
    case 'loading':
      return ''
    case 'following':
      return log.lineCount === 0 ? 'Following; nothing has been written yet.' : 'Following.'
    case 'paused':
      return 'Paused.'
    case 'read':
      return 'Read just now, not followed.'
    case 'ended':
      return state.phase === 'terminated'
        ? `The container has ended: ${state.label}.`
        : 'The log has ended.'
    case 'waiting':
      return 'Waiting for the container to start.'
    case 'reconnecting':
      return `Reconnecting. ${log.error?.message ?? ''}`
    case 'failed':
      return ''
  }
}

function countWords({ lineCount, dropped }: PodLogState, found: number, filter: string): string {
  const all = `${formatNumber(lineCount)} lines`
  const words = filter === '' ? all : `${formatNumber(found)} of ${all} match`
  if (dropped > 0)
    return `${words}; ${formatNumber(dropped)} older ones were let go of to save memory. Download has all.`
  return lineCount >= tailLines ? `${words}. Download has older ones too.` : `${words}.`
}

function LogButtons({
  copied,
  path,
  fileName,
  isGone,
}: {
  /** What is on screen. */
  copied: () => string
  /** Of the whole log. */
  path: string
  fileName: string
  isGone: boolean
}) {
  const client = useKube()
  const [isDownloading, setIsDownloading] = useState(false)

  async function copy() {
    showToast(
      (await copyToClipboard(copied()))
        ? { variant: 'success', title: 'The lines shown are copied' }
        : { variant: 'warning', title: 'The browser didn’t allow copying' },
    )
  }

  async function download() {
    if (isDownloading) return
    setIsDownloading(true)
    try {
      // What is gone from the cluster is still on screen.
      downloadFile(isGone ? new Blob([copied()]) : await client.readBlob(path), fileName)
    } catch (cause) {
      showToast({
        variant: 'danger',
        title: 'The log can’t be downloaded',
        body: (cause as KubeError).message,
      })
    } finally {
      setIsDownloading(false)
    }
  }

  return (
    <>
      <Button
        variant="plain"
        icon={<CopyIcon />}
        aria-label="Copy the lines shown"
        data-hint="Copy the lines shown"
        onClick={() => void copy()}
      />
      <Button
        variant="plain"
        icon={<DownloadIcon />}
        aria-label="Download the whole log"
        data-hint="Download the whole log"
        isLoading={isDownloading}
        isAriaDisabled={isDownloading}
        onClick={() => void download()}
      />
    </>
  )
}
