/** The tiles of the wall: of any number of VMs, only those in view are in the page. */
import { Alert } from '@patternfly/react-core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'

import { createSort, naturalKey } from '../../../ui/arrange-rows.ts'
import { useElementWidth } from '../../../ui/element-width.ts'
import type { ListedMachine } from '../../../ui/machine-list/machine-rows.ts'
import { sortableColumns } from '../../../ui/machine-list/machine-table-columns.tsx'
import type { FoundMachines } from '../../../ui/machine-list/MachineListShell.tsx'
import { SelectionBar } from '../../../ui/machine-list/SelectionBar.tsx'
import { mostConsoles } from '../../../ui/page-paths.ts'
import { useSteadyRows } from '../../../ui/steady-rows.ts'
import { usePictureFeed } from './use-screen-feed.ts'
import { movedPlace } from './wall-keys.ts'
import { WallTile } from './WallTile.tsx'

const gapPx = 16
/** Below the picture. */
const captionPx = 76

/** A table would lay out its rows itself. */
const roles = { grid: { role: 'grid' }, row: { role: 'row' } }

interface WallGridProps extends FoundMachines {
  leastTilePx: number
}

export function WallGrid({ found, query, asked, leastTilePx }: WallGridProps) {
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const scroller = useRef<HTMLDivElement | null>(null)
  const widthPx = useElementWidth(frame) ?? 0
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (leastTilePx + gapPx)))
  const tilePx = Math.max(1, (widthPx - gapPx * (columns - 1)) / columns)
  const rowPx = Math.round((tilePx * 10) / 16) + captionPx + gapPx
  const feed = usePictureFeed(tilePx)

  const { sort } = query
  const arrange = useMemo(() => {
    const column = sortableColumns('vms').find(({ id }) => id === sort.column)
    const value = column?.sortValue ?? ((row: ListedMachine) => naturalKey(row.key))
    return createSort(value, sort.isDescending)
  }, [sort.column, sort.isDescending])
  const arranged = useMemo(() => arrange(found), [arrange, found])
  const { steady, freezing } = useSteadyRows(
    arranged,
    `${asked} ${sort.column} ${sort.isDescending}`,
    scroller as React.RefObject<HTMLElement>,
  )

  // oxlint-disable-next-line react/incompatible-library -- we don't use the compiler it speaks of
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: Math.ceil(steady.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    initialRect: { width: 0, height: window.innerHeight },
    overscan: 1,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, rowPx])

  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const select = (key: string, isSelected: boolean) => {
    const next = new Set(selected)
    if (isSelected) next.add(key)
    else next.delete(key)
    setSelected(next)
  }

  const { denials, onDenial } = useDenials()

  // One tile is in the order of Tab; arrows lead to the others.
  const [currentKey, setCurrentKey] = useState<string>()
  const currentPlace = Math.max(
    0,
    steady.findIndex(({ row }) => row.key === currentKey),
  )
  const wantsFocus = useRef(false)
  // After each render: the tile may have to come into the page first.
  useEffect(() => {
    if (!wantsFocus.current) return
    const tile = frame?.querySelector<HTMLElement>('.kc-tile[data-current="true"] .kc-tile-screen')
    if (!tile) return
    wantsFocus.current = false
    tile.focus({ preventScroll: true })
  })

  function onKeyDown(event: KeyboardEvent) {
    const { target } = event
    if (!(target instanceof Element) || !target.closest('.kc-tile-screen')) return
    const current = steady[currentPlace]?.row
    if (event.key === ' ' && current) {
      event.preventDefault()
      const isSelected = selected.has(current.key)
      if (isSelected || selected.size < mostConsoles) select(current.key, !isSelected)
      return
    }
    const rowsInView = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx))
    const place = movedPlace(event, currentPlace, { count: steady.length, columns, rowsInView })
    if (place === undefined) return
    event.preventDefault()
    setCurrentKey(steady[place]?.row.key)
    wantsFocus.current = true
    virtualizer.scrollToIndex(Math.floor(place / columns))
  }

  const shown = virtualizer.getVirtualItems()
  return (
    <>
      <WallNotices denials={denials} />
      <SelectionBar selected={selected} rows={found} onClear={() => setSelected(new Set())} />
      <div
        className="kc-wall-scroller"
        ref={(element) => {
          scroller.current = element
          setFrame(element)
        }}
        tabIndex={-1}
      >
        {widthPx > 0 && (
          // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it is a grid
          <div
            {...roles.grid}
            aria-label="Screens"
            aria-rowcount={Math.ceil(steady.length / columns)}
            aria-colcount={columns}
            aria-multiselectable
            className="kc-wall"
            style={{ height: virtualizer.getTotalSize() - gapPx }}
            onKeyDown={onKeyDown}
            {...freezing}
          >
            {shown.map(({ index, start }) => (
              <div
                {...roles.row}
                key={index}
                aria-rowindex={index + 1}
                className="kc-wall-row"
                style={{
                  transform: `translateY(${start}px)`,
                  gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                }}
              >
                {steady
                  .slice(index * columns, (index + 1) * columns)
                  .map(({ row, isGone }, column) => (
                    <WallTile
                      key={row.key}
                      row={row}
                      isGone={isGone}
                      feed={feed}
                      isCurrent={index * columns + column === currentPlace}
                      onCurrent={setCurrentKey}
                      isSelected={selected.has(row.key)}
                      isFull={selected.size >= mostConsoles}
                      onSelect={select}
                      onDenial={onDenial}
                    />
                  ))}
              </div>
            ))}
          </div>
        )}
      </div>
    </>
  )
}

/** Which namespaces' screens may not be seen, as far as they have been in view, and why. */
function useDenials() {
  const [denials, setDenials] = useState<ReadonlyMap<string, string>>(new Map())
  const [onDenial] = useState(() => (namespace: string, reason: string | undefined) => {
    setDenials((known) => {
      if (known.get(namespace) === reason) return known
      const next = new Map(known)
      if (reason === undefined) next.delete(namespace)
      else next.set(namespace, reason)
      return next
    })
  })
  return { denials, onDenial }
}

function WallNotices({ denials }: { denials: ReadonlyMap<string, string> }) {
  const [first, ...more] = [...denials.values()]
  if (first === undefined) return null
  return (
    <Alert
      isInline
      component="p"
      variant="warning"
      title={
        more.length === 0
          ? 'Screens can’t be shown: a right is missing'
          : `Screens of ${denials.size} namespaces can’t be shown: a right is missing`
      }
    >
      {first} Pictures of screens take the rights to get virtualmachineinstances/vnc and
      virtualmachineinstances/vnc/screenshot.
    </Alert>
  )
}
