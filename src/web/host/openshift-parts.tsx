/** What the OpenShift Console shows and remembers in its own way. */
import {
  ResourceLink as ConsoleResourceLink,
  Timestamp,
  useActiveNamespace,
  useToast,
  useUserPreference,
} from '@openshift-console/dynamic-plugin-sdk'
import { useEffect, useRef } from 'react'

import { followChoices, storeChoice, takeChoices } from '../ui/stored-choice.ts'
import { closeToast, Toasts, useToasts, type ShownToast } from '../ui/toasts.tsx'
import type { HostParts, ResourceLinkProps } from './contract.ts'

/** Good news goes away by itself. */
const toastMs = 6000

/** Messages as the console shows them; ours where it has no place for them. */
function toastsBy(useConsoleToast: NonNullable<typeof useToast>) {
  return function ConsoleToasts() {
    const { addToast } = useConsoleToast()
    const waiting = useToasts()
    useEffect(() => {
      if (!addToast) return
      for (const toast of waiting) {
        addToast(consoleToast(toast))
        closeToast(toast.id)
      }
    }, [addToast, waiting])
    return addToast ? null : <Toasts />
  }
}

function consoleToast({ variant, title, body = '' }: ShownToast) {
  const isGood = variant === 'success' || variant === 'info'
  return {
    // The same failure again replaces its older message.
    id: `kubevirt-console ${title} ${body}`,
    variant,
    title,
    content: body,
    dismissible: true,
    ...(isGood && { timeout: toastMs }),
  }
}

function ResourceLink({ kind, namespace, name, label }: ResourceLinkProps) {
  return (
    <ConsoleResourceLink
      inline
      groupVersionKind={{
        version: kind.version,
        kind: kind.kind,
        ...(kind.group !== '' && { group: kind.group }),
      }}
      name={name}
      {...(namespace !== undefined && { namespace })}
      {...(label !== undefined && { displayName: label })}
    />
  )
}

function TimeAgo({ time }: { time: string }) {
  return <Timestamp timestamp={time} />
}

const preference = 'kubevirt-console.choices'
/** Choices that come one after the other, as when a font grows, are written once. */
const settleMs = 500

/** Not for every browser of a person: what the console itself knows, and one entry for each VM. */
function isLocal(name: string): boolean {
  return name === 'namespace' || name.startsWith('keyboard-layout.')
}

/** The console keeps what is chosen in all browsers of the user; this browser's copy is there at once. */
function usePreferences() {
  const [kept, keep, isLoaded] = useUserPreference<Record<string, string>>(
    preference,
    undefined,
    true,
  )
  const latest = useRef(keep)
  useEffect(() => {
    latest.current = keep
  }, [keep])
  useEffect(() => {
    if (isLoaded && kept) takeChoices(kept)
  }, [kept, isLoaded])
  useEffect(() => {
    if (!isLoaded) return undefined
    let chosen: Record<string, string> = {}
    let timer: ReturnType<typeof setTimeout> | undefined
    function write() {
      timer = undefined
      const news = chosen
      chosen = {}
      latest.current((last) => ({ ...last, ...news }))
    }
    const stop = followChoices((name, value) => {
      if (isLocal(name)) return
      chosen[name] = value
      clearTimeout(timer)
      timer = setTimeout(write, settleMs)
    })
    return () => {
      stop()
      if (timer === undefined) return
      clearTimeout(timer)
      write()
    }
  }, [isLoaded])
}

/** Pages that aren't about one namespace start with the one that the console's bar shows. */
function useNamespace() {
  const [active] = useActiveNamespace()
  useEffect(() => {
    if (active === undefined) return
    storeChoice('namespace', active === '#ALL_NS#' ? 'all-namespaces' : active)
  }, [active])
}

function Sync() {
  usePreferences()
  useNamespace()
  return null
}

export const openshiftParts: HostParts = {
  ...(useToast !== undefined && { Toasts: toastsBy(useToast) }),
  ResourceLink,
  TimeAgo,
  Sync,
}
