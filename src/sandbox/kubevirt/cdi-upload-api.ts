/**
 * `upload.cdi.kubevirt.io`: tokens for uploads. Nothing is stored, the claim isn't looked for, and the
 * answer is 200, not 201.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/apiserver/apiserver.go
 */
import type { Cluster } from '../api/cluster.ts'
import { badRequest, pageNotFound } from '../api/failures.ts'
import type { UploadTokens } from '../cdi/upload-token.ts'

const GROUP = 'upload.cdi.kubevirt.io'

export function registerUploadApi(cluster: Cluster, tokens: UploadTokens): void {
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
      const token = tokens.issue(namespace ?? '', claim)
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
