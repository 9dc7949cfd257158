import './data-volumes.css'
import { CodeBlock, CodeBlockCode } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'

import { podKind, type Pod } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { podLogPath } from '../../../kube/pod-log.ts'
import { podStatus } from '../../../kube/pod-status.ts'
import { useKube } from '../../data/host-context.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'

const lines = 12
const everyMs = 5_000

/** The pod that fills a DataVolume, and the last it has said. */
export function ImporterLog({ pod }: { pod: Pod }) {
  const client = useKube()
  const { namespace = '', name, uid } = pod.metadata
  const container = pod.spec?.containers[0]?.name ?? ''
  const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0
  const { data, error } = useQuery<string, KubeError>({
    queryKey: ['importer-log', uid, container, restarts, String(pod.status?.phase)],
    queryFn: async ({ signal }) => {
      const path = podLogPath({ namespace, name }, { container, tailLines: lines })
      return (await client.readBlob(path, signal)).text()
    },
    refetchInterval: everyMs,
    retry: false,
    placeholderData: (before) => before,
  })
  return (
    <>
      <p>
        <ObjectLink kind={podKind} namespace={namespace} name={name} />
      </p>
      <StatusLabel status={podStatus(pod)} isFull />
      {restarts > 0 && <p>Restarted {restarts === 1 ? 'once' : `${restarts} times`}.</p>}
      {error ? (
        <p className="kc-muted">Its log can’t be read: {error.message}</p>
      ) : (
        <section aria-label="The log’s last lines" className="kc-importer-log">
          <CodeBlock>
            <CodeBlockCode>
              {data === undefined ? '…' : data.trimEnd() || 'It has said nothing yet.'}
            </CodeBlockCode>
          </CodeBlock>
        </section>
      )}
      <p>
        <ObjectLink kind={podKind} namespace={namespace} name={name} tab="logs" label="Whole log" />
      </p>
    </>
  )
}
