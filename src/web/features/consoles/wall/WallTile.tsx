import { Checkbox } from '@patternfly/react-core'
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'

import { virtualMachineKind } from '../../../../kube/kinds.ts'
import { useAccess } from '../../../data/access.ts'
import { ActionMenu, type MenuAction } from '../../../ui/ActionMenu.tsx'
import { useMachineActions } from '../../../ui/machine-actions.ts'
import type { ListedMachine } from '../../../ui/machine-list/machine-rows.ts'
import { mostConsoles, objectPagePath } from '../../../ui/page-paths.ts'
import { StatusIcon } from '../../../ui/StatusLabel.tsx'
import { layoutPath, rememberedLayout, withConsoles } from '../many/console-layout.ts'
import { useSecondsSince } from './seconds.ts'
import { usePicture, type PictureFeed } from './use-screen-feed.ts'

const cellRole = { role: 'gridcell' }

interface WallTileProps {
  row: ListedMachine
  /** It is deleted, and keeps its place until nobody points at the wall. */
  isGone: boolean
  feed: PictureFeed | undefined
  /** The one that Tab leads to. */
  isCurrent: boolean
  onCurrent: (key: string) => void
  isSelected: boolean
  /** As many are selected as can be. */
  isFull: boolean
  onSelect: (key: string, isSelected: boolean) => void
  onDenial: (namespace: string, reason: string | undefined) => void
}

/** One VM: what its screen shows, its name and state. */
export const WallTile = memo(function WallTile({
  row,
  isGone,
  feed,
  isCurrent,
  onCurrent,
  isSelected,
  isFull,
  onSelect,
  onDenial,
}: WallTileProps) {
  const { namespace, name, status } = row
  const [tile, setTile] = useState<HTMLDivElement | null>(null)
  const isInView = useIsInView(tile)
  const isRunning = row.vmi?.status?.phase === 'Running'
  const access = useAccess({
    verb: 'get',
    group: 'subresources.kubevirt.io',
    resource: 'virtualmachineinstances',
    subresource: 'vnc/screenshot',
    namespace,
  })
  const denial = access.allowed === false ? (access.reason ?? 'The right is missing.') : undefined
  useEffect(() => onDenial(namespace, denial), [onDenial, namespace, denial])
  // When the cluster can't answer the review, it still decides at the request itself.
  const isKnown = access.allowed !== undefined || access.reason !== undefined
  const isWanted = isInView && isRunning && !isGone && isKnown && denial === undefined
  const { picture, takenAt, changedAt, error } = usePicture(feed, row, isWanted)

  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    if (!canvas.current || !picture) return
    const { bitmap } = picture
    canvas.current.width = bitmap.width
    canvas.current.height = bitmap.height
    canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0)
  }, [picture, isRunning])

  const hasPicture = picture !== undefined && isRunning
  const tabIndex = isCurrent ? 0 : -1
  return (
    <div
      {...cellRole}
      ref={setTile}
      aria-selected={isSelected}
      className="kc-tile"
      data-current={isCurrent}
      data-selected={isSelected}
      data-gone={isGone}
      onFocus={() => onCurrent(row.key)}
    >
      <Link
        to={objectPagePath(virtualMachineKind, { namespace, name }, 'console')}
        aria-label={`Console of ${name} in ${namespace}`}
        className="kc-tile-screen"
        tabIndex={tabIndex}
      >
        {hasPicture && <canvas ref={canvas} aria-hidden />}
        {hasPicture && changedAt !== undefined && (
          // Made anew, it begins anew.
          <span key={changedAt} className="kc-tile-change" />
        )}
        {!hasPicture && (
          <span className="kc-tile-words">
            {!isRunning && (
              <>
                <StatusIcon label={status.label} tone={status.tone} /> {status.label}
              </>
            )}
            {isRunning && denial !== undefined && 'Not allowed to see the screen'}
            {isRunning && denial === undefined && error !== undefined && `No picture: ${error}`}
          </span>
        )}
        {hasPicture && <PictureAge takenAt={takenAt} changedAt={changedAt} error={error} />}
      </Link>
      <div className="kc-tile-caption">
        <Checkbox
          id={`select-${row.key}`}
          aria-label={`Select ${name}`}
          isChecked={isSelected}
          isDisabled={isFull && !isSelected}
          tabIndex={tabIndex}
          onChange={(_event, isChecked) => onSelect(row.key, isChecked)}
        />
        <div className="kc-tile-facts">
          <span className="kc-name kc-truncate" title={name}>
            {name}
          </span>
          <span className="kc-tile-state kc-truncate" title={`${status.label} · ${namespace}`}>
            <StatusIcon label={status.label} tone={status.tone} /> {status.label}
            <span className="kc-muted"> · {namespace}</span>
          </span>
        </div>
        <TileMenu row={row} tabIndex={tabIndex} />
      </div>
    </div>
  )
})

/** Whether any of an element can be seen, whatever scrolls around it. */
function useIsInView(element: HTMLElement | null): boolean {
  const [isInView, setIsInView] = useState(false)
  useEffect(() => {
    if (!element) return
    const observer = new IntersectionObserver((entries) =>
      setIsInView(entries.at(-1)?.isIntersecting ?? false),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return isInView
}

interface PictureAgeProps {
  takenAt: number | undefined
  changedAt: number | undefined
  error: string | undefined
}

/** Longer ago, a change is no news. */
const newsSeconds = 60

function PictureAge({ takenAt, changedAt, error }: PictureAgeProps) {
  const taken = useSecondsSince(takenAt)
  const changed = useSecondsSince(changedAt)
  if (taken === undefined) return null
  const isNews = changed !== undefined && changed < newsSeconds
  return (
    <span className="kc-tile-age" data-news={isNews} data-error={error !== undefined}>
      {error !== undefined
        ? `${taken} s old: ${error}`
        : isNews
          ? `Changed ${changed} s ago`
          : `${taken} s ago`}
    </span>
  )
}

/** A click does it; nothing is waited for. */
function atOnce(action: () => void): Pick<MenuAction, 'isPending' | 'run'> {
  return {
    isPending: false,
    run() {
      action()
      return Promise.resolve()
    },
  }
}

function TileMenu({ row, tabIndex }: { row: ListedMachine; tabIndex: number }) {
  function useActions() {
    return useTileActions(row)
  }
  return (
    <ActionMenu
      isKebab
      label={`Actions for ${row.name}`}
      tabIndex={tabIndex}
      useActions={useActions}
    />
  )
}

function useTileActions({ namespace, name, vm, vmi }: ListedMachine): MenuAction[] {
  const navigate = useNavigate()
  const layout = rememberedLayout()
  const isFull = layout.consoles.length >= mostConsoles
  return [
    {
      id: 'console',
      label: 'Open console',
      ...atOnce(
        () => void navigate(objectPagePath(virtualMachineKind, { namespace, name }, 'console')),
      ),
    },
    {
      id: 'sideBySide',
      label: 'Add to side by side',
      ...(isFull && { disabledReason: `There are ${mostConsoles} already, the most.` }),
      ...atOnce(
        () => void navigate(layoutPath(withConsoles(layout, [{ namespace, name, kind: 'vnc' }]))),
      ),
    },
    ...useMachineActions(vm, vmi),
  ]
}
