import { isRefusal, unauthorized } from '../access.ts'
import type { ClusterConnection } from '../cluster-connection.ts'
import { messageOf } from '../cluster-connection.ts'
import { askCluster } from '../cluster-json.ts'
import type { Refusal } from '../status.ts'

interface SelfSubjectReview {
  status?: { userInfo?: { username?: string } }
}

const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

/**
 * Whom the cluster takes the holder of a token for, by its SelfSubjectReview. Empty where the cluster
 * accepts the token and denies that question, which everybody who is signed in may ask by default.
 * @returns a Refusal 401 if the cluster doesn't accept the token, 503 if it can't be asked
 */
export async function whoIs(
  connection: ClusterConnection,
  token: string,
): Promise<{ user: string } | Refusal> {
  let route
  try {
    route = await connection.route()
  } catch (error) {
    return unavailable(`The gateway has no way to the cluster: ${messageOf(error)}`)
  }
  const headers = { authorization: `Bearer ${token}`, host: route.server.host }
  const review = await askCluster<SelfSubjectReview>({ route, headers }, 'POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  })
  if (!isRefusal(review)) {
    const user = review.status?.userInfo?.username ?? ''
    return user === anonymous ? notAccepted() : { user }
  }
  if (review.code === 401) return notAccepted()
  if (review.code === 403) return review.message.includes(anonymous) ? notAccepted() : { user: '' }
  return review.code === 503
    ? review
    : unavailable(`The cluster can’t say who has signed in: ${review.message}`)
}

const anonymous = 'system:anonymous'

function notAccepted() {
  return unauthorized('The cluster does not accept this token')
}

function unavailable(message: string): Refusal {
  return { code: 503, reason: 'ServiceUnavailable', message }
}
