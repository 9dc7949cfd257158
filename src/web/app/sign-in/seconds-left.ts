import { useEffect, useState } from 'react'

function secondsUntil(at: number | undefined): number {
  return at === undefined ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}

/** Whole seconds until `at` (epoch milliseconds), counted down to 0. */
export function useSecondsLeft(at: number | undefined): number {
  const [, tick] = useState(0)
  const left = secondsUntil(at)
  useEffect(() => {
    if (left === 0) return undefined
    const timer = setTimeout(() => tick((count) => count + 1), 250)
    return () => clearTimeout(timer)
  })
  return left
}
