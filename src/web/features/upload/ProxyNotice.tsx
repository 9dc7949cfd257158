import { Alert, AlertActionLink, ClipboardCopy, Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'

import { cdiConfigKind } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { useKube } from '../../data/host-context.tsx'
import { proxyAddress, type UploadWay } from '../../data/upload-way.ts'

interface ProxyNoticeProps {
  way: UploadWay
  /** The other way. */
  command: string
}

const titles: Record<string, string> = {
  UploadProxyUnknown: 'CDI’s upload proxy has no address',
  UploadProxyUntrusted: 'The certificate of CDI’s upload proxy isn’t trusted',
  UploadProxyUnreachable: 'CDI’s upload proxy can’t be reached',
  UploadProxyBlocked: 'The browser can’t reach CDI’s upload proxy',
}

const steps: Record<string, string> = {
  UploadProxyUnknown:
    'An administrator gives it one by an Ingress or Route to the Service cdi-uploadproxy, or in the CDI object: spec.config.uploadProxyURLOverride.',
  UploadProxyUntrusted:
    'An administrator gives the proxy a certificate that the console trusts, or the console its authority: NODE_EXTRA_CA_CERTS names a file with it when the gateway starts.',
  UploadProxyUnreachable:
    'The console’s gateway sends uploads there, so the address must lead to the proxy from where it runs.',
  UploadProxyBlocked:
    'Its certificate may not be trusted by this browser, or its name not known. Open the proxy in a tab: accept the certificate there until it says OK, then check again.',
}

/** Says before anything is sent that nothing could be, and what to do. */
export function ProxyNotice({ way, command }: ProxyNoticeProps) {
  const client = useKube()
  const { error, refetch, isFetching } = useQuery<boolean, KubeError>({
    queryKey: ['upload-proxy'],
    queryFn: ({ signal }) => way.check(signal).then(() => true),
    retry: false,
    staleTime: 30_000,
  })
  const isBlocked = error?.reason === 'UploadProxyBlocked'
  const { data: url } = useQuery({
    queryKey: ['upload-proxy-address'],
    queryFn: async ({ signal }) => {
      const config = await client.get(cdiConfigKind, { name: 'config' }, signal)
      return proxyAddress(config.status?.uploadProxyURL) ?? null
    },
    enabled: isBlocked,
  })
  if (!error) return null
  return (
    <Alert
      isInline
      variant="warning"
      title={titles[error.reason] ?? 'Whether files can be uploaded is not known'}
      actionLinks={
        <>
          <AlertActionLink onClick={() => void refetch()} isDisabled={isFetching}>
            Check again
          </AlertActionLink>
          {isBlocked && url && (
            <AlertActionLink
              component="a"
              href={`${url}/healthz`}
              target="_blank"
              rel="noopener noreferrer"
            >
              Open the proxy in a tab
            </AlertActionLink>
          )}
        </>
      }
    >
      <Content component="p">{error.message}</Content>
      {steps[error.reason] !== undefined && <Content component="p">{steps[error.reason]}</Content>}
      <Content component="p">Or from a shell:</Content>
      <ClipboardCopy isReadOnly isCode hoverTip="Copy" clickTip="Copied" textAriaLabel="Command">
        {command}
      </ClipboardCopy>
    </Alert>
  )
}
