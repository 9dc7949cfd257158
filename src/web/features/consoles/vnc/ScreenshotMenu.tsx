import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core'
import { CameraIcon } from '@patternfly/react-icons'
import { lazy, Suspense, useState } from 'react'

import { downloadFile } from '../../../ui/download-file.ts'
import { showToast } from '../../../ui/toasts.tsx'
import { timedFileName } from './save-recording.ts'
import type { VncDisplay } from './vnc-display.ts'

const ScreenTextDialog = lazy(() =>
  import('./screen-text/ScreenTextDialog.tsx').then((module) => ({
    default: module.ScreenTextDialog,
  })),
)

interface ScreenshotMenuProps {
  display: VncDisplay | undefined
  /** Of the machine. */
  name: string
  /** Why there is no screen to take. */
  disabledReason: string | undefined
}

/** The screen as a picture, in guest pixels, or the text that is on it. */
export function ScreenshotMenu({ display, name, disabledReason }: ScreenshotMenuProps) {
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  /** Those whose text is shown. */
  const [pixels, setPixels] = useState<ImageData>()
  const isOpen = isMenuOpen && disabledReason === undefined
  // Browsers offer it to pages that came over HTTPS, or from this machine.
  const hasClipboard = 'ClipboardItem' in window && navigator.clipboard !== undefined

  async function report(action: Promise<void>) {
    setIsMenuOpen(false)
    try {
      await action
    } catch (error) {
      showToast({
        variant: 'danger',
        title: `No screenshot of ${name}`,
        body: error instanceof Error ? error.message : String(error),
      })
    }
  }

  async function save() {
    const picture = await display?.takeScreenshot()
    if (picture) downloadFile(picture, timedFileName(name, 'png'))
  }

  async function copy() {
    if (!display) return
    // Browsers want the item within the click, and take a promise of its content.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': display.takeScreenshot() })])
    showToast({ variant: 'success', title: `Copied the screen of ${name}` })
  }

  return (
    <>
      <Dropdown
        isOpen={isOpen}
        onOpenChange={setIsMenuOpen}
        popperProps={{ preventOverflow: true }}
        toggle={(ref) => (
          <MenuToggle
            ref={ref}
            variant="plain"
            icon={<CameraIcon />}
            aria-label="Screenshot"
            data-hint={disabledReason ?? 'Screenshot'}
            aria-disabled={disabledReason !== undefined}
            isExpanded={isOpen}
            onClick={() => setIsMenuOpen(!isMenuOpen)}
          />
        )}
      >
        <DropdownList>
          <DropdownItem onClick={() => void report(save())}>Save as PNG</DropdownItem>
          <DropdownItem
            isAriaDisabled={!hasClipboard}
            {...(!hasClipboard && {
              description: 'This page has no clipboard: it did not come over HTTPS.',
            })}
            onClick={() => void report(copy())}
          >
            Copy to clipboard
          </DropdownItem>
          <DropdownItem
            description="Of a text screen"
            onClick={() => {
              setIsMenuOpen(false)
              setPixels(display?.readPixels())
            }}
          >
            Copy text
          </DropdownItem>
        </DropdownList>
      </Dropdown>
      {pixels && (
        <Suspense>
          <ScreenTextDialog pixels={pixels} name={name} onClose={() => setPixels(undefined)} />
        </Suspense>
      )}
    </>
  )
}
