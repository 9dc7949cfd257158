/**
 * `upload.cdi.kubevirt.io`: tokens for uploads. Nothing is stored, and the answer is 200, not 201.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/apiserver/apiserver.go
 */
import { createHmac, randomBytes } from 'node:crypto'

import { ApiError, type Cluster } from '../api/cluster.ts'
import { badRequest, pageNotFound } from '../api/failures.ts'
import { keys } from './objects.ts'

const GROUP = 'upload.cdi.kubevirt.io'
const TOKEN_SECONDS = 300

export function registerUploadApi(cluster: Cluster): void {
  const secret = randomBytes(32)
  cluster.aggregate({
    group: GROUP,
    versions: ['v1beta1'],
    resources: [
      {
        name: 'uploadtokenrequests',
        namespaced: true,
        kind: 'UploadTokenRequest',
        verbs: ['create'],
      },
    ],
    async handle(request, response) {
      const [word, namespace, resource] = request.segments
      if (
        word !== 'namespaces' ||
        resource !== 'uploadtokenrequests' ||
        request.method !== 'POST'
      ) {
        throw pageNotFound()
      }
      const body = (await request.body()) as
        | { metadata?: { name?: string }; spec?: { pvcName?: string } }
        | undefined
      const claim = body?.spec?.pvcName
      if (!claim) throw badRequest('spec.pvcName is required')
      const pvc = cluster.store.get(keys.pvc, namespace, claim)
      if (!pvc) {
        throw new ApiError(404, `persistentvolumeclaims "${claim}" not found`, {
          reason: 'NotFound',
          details: { name: claim, kind: 'persistentvolumeclaims' },
        })
      }
      const now = Math.floor(Date.now() / 1000)
      const token = sign(secret, {
        iss: 'cdi-apiserver',
        operation: 'Upload',
        name: claim,
        namespace,
        resource: { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
        iat: now,
        exp: now + TOKEN_SECONDS,
      })
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          apiVersion: `${GROUP}/v1beta1`,
          kind: 'UploadTokenRequest',
          metadata: { ...body.metadata, namespace, creationTimestamp: null },
          spec: { pvcName: claim },
          status: { token },
        }),
      )
    },
    async upgrade() {
      throw pageNotFound()
    },
  })
}

function sign(secret: Buffer, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
