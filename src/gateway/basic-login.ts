/**
 * User and password of basic authentication: what kubectl makes of `--server http://user:pw@host`.
 * Over plain HTTP it sends no token (clientcmd reads auth info only if the transport is TLS).
 */
export function basicLogin(authorization: string | undefined) {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { user, password: rest.join(':') }
}
