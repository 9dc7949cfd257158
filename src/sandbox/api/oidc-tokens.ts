/**
 * Tokens of an OpenID Connect issuer that the API server trusts, by the rules of its flags
 * `--oidc-issuer-url` and so on:
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apiserver/plugin/pkg/authenticator/token/oidc/oidc.go
 */
import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'

import type { User } from './cluster.ts'

/** As kube-apiserver's flags of the same names have them. */
export interface OidcIssuer {
  issuerUrl: string
  clientId: string
  /** `sub` unless told. */
  usernameClaim?: string
  /** The issuer and `#` unless told, or nothing for the claim `email`; `-` is no prefix. */
  usernamePrefix?: string
  groupsClaim?: string
}

/** Answers whose token it is; undefined if it is none of the issuer's, or none that is good now. */
export function createOidcTokens(issuer: OidcIssuer): (token: string) => Promise<User | undefined> {
  const { issuerUrl, clientId, usernameClaim = 'sub', groupsClaim } = issuer
  const given = issuer.usernamePrefix ?? (usernameClaim === 'email' ? '-' : `${issuerUrl}#`)
  const prefix = given === '-' ? '' : given
  let keys: Promise<JWTVerifyGetKey> | undefined

  /** Asked for when they are needed, and again after a failure: the issuer may start later. */
  function publishedKeys() {
    keys ??= discover(issuerUrl).catch((error: unknown) => {
      keys = undefined
      throw error
    })
    return keys
  }

  function userOf(claims: JWTPayload): User | undefined {
    const name = claims[usernameClaim]
    if (typeof name !== 'string') return undefined
    if (usernameClaim === 'email' && claims['email_verified'] === false) return undefined
    const groups = groupsClaim === undefined ? [] : [claims[groupsClaim] ?? []].flat()
    return { name: `${prefix}${name}`, groups: groups.map(String) }
  }

  return async (token) => {
    // Whatever isn't a JWT is nobody's here, and no reason to ask the issuer.
    if (token.split('.').length !== 3) return undefined
    try {
      const { payload } = await jwtVerify(token, await publishedKeys(), {
        issuer: issuerUrl,
        audience: clientId,
        algorithms: ['RS256'],
        requiredClaims: ['exp'],
      })
      return userOf(payload)
    } catch {
      return undefined
    }
  }
}

async function discover(issuerUrl: string) {
  const response = await fetch(`${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { jwks_uri: uri } = (await response.json()) as { jwks_uri: string }
  return createRemoteJWKSet(new URL(uri), { cooldownDuration: 1000 })
}
