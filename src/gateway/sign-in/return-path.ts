import { withoutPrefix } from '../cluster-prefix.ts'
import { isApiPath } from '../request-path.ts'

const base = new URL('http://console.invalid')
const errorParameter = 'signInError'
/** It travels in a cookie. */
const maxLength = 1500

/**
 * The page to come back to after signing in: a path of this console whatever was asked for, since
 * anybody can write a link to the sign-in.
 */
export function returnPath(asked: unknown): string {
  if (typeof asked !== 'string' || !/^\/[\x21-\x7e]*$/.test(asked)) return '/'
  if (!URL.canParse(asked, base.href)) return '/'
  const url = new URL(asked, base)
  // Dots and backslashes are resolved only now, and may have made it the name of a host.
  if (url.origin !== base.origin || url.pathname.startsWith('//')) return '/'
  if (isApiPath(withoutPrefix(url.pathname))) return '/'
  url.searchParams.delete(errorParameter)
  const path = pathOf(url)
  return path.length <= maxLength ? path : url.pathname.length <= maxLength ? url.pathname : '/'
}

/** The same page, told what went wrong. */
export function withSignInError(path: string, code: string): string {
  const url = new URL(path, base)
  url.searchParams.set(errorParameter, code)
  return pathOf(url)
}

function pathOf({ pathname, search, hash }: URL) {
  return `${pathname}${search}${hash}`
}
