import { Alert, CodeBlock, CodeBlockCode, List, ListItem } from '@patternfly/react-core'
import { useMemo } from 'react'
import { stringify } from 'yaml'

import { networkAttachmentDefinitionKind, nodeKind } from '../../../kube/kinds.ts'
import { parseNad } from '../../../kube/nad-config.ts'
import { useListOnce } from '../../data/list-once.ts'
import type { NadManifest } from './nad-form.ts'
import { nadWarnings } from './nad-warnings.ts'

import './networks.css'

const kind = networkAttachmentDefinitionKind

/** What the form makes, as it is written, and what is to be minded about it. */
export function NadPreview({ manifest }: { manifest: NadManifest }) {
  const { namespace, name } = manifest.metadata
  const { items: nodes, isLoading, error } = useListOnce(nodeKind)
  const definitions = useListOnce(kind, { namespace })
  const others = useMemo(
    () =>
      definitions.items
        .map(parseNad)
        .filter((other) => other.name !== name || other.namespace !== namespace),
    [definitions.items, name, namespace],
  )
  const warnings = nadWarnings(manifest, { nodes: isLoading || error ? undefined : nodes, others })
  return (
    <>
      <NetworkWarnings warnings={name === '' ? [] : warnings} />
      <div className="kc-network-preview">
        <Code
          label="Configuration"
          text={JSON.stringify(JSON.parse(manifest.spec.config), null, 2)}
        />
        <Code label="Manifest" text={stringify(manifest)} />
      </div>
    </>
  )
}

/** A piece of code under its name. */
export function Code({ label, text }: { label: string; text: string }) {
  return (
    <section aria-label={label} className="kc-network-code">
      <CodeBlock>
        <CodeBlockCode>{text}</CodeBlockCode>
      </CodeBlock>
    </section>
  )
}

export function NetworkWarnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <Alert isInline component="p" variant="warning" title="The cluster accepts this all the same">
      <List isPlain>
        {warnings.map((warning) => (
          <ListItem key={warning}>{warning}</ListItem>
        ))}
      </List>
    </Alert>
  )
}
