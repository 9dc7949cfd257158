import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Flex,
} from '@patternfly/react-core'
import { useState } from 'react'

import { copyToClipboard } from '../../../ui/clipboard.ts'
import { FormChanges } from '../../../ui/form-shell/FormChanges.tsx'
import { userData } from '../draft/cloud-init-volume.ts'
import { cloudConfigField } from '../draft/cloud-init.ts'
import { draftSources } from '../draft/disks.ts'
import { kubectlCommand } from '../draft/draft-text.ts'
import type { Draft } from '../draft/draft.ts'
import { copyNames, isMany, manyCount, manyIsPool } from '../draft/many.ts'
import { draftNics } from '../draft/nics.ts'
import { sshKeyPlaces } from '../draft/ssh-keys.ts'
import {
  cpuCount,
  inferredFrom,
  instancetype,
  memoryGiB,
  preference,
  runStrategy,
  vmName,
  vmNamespace,
} from '../draft/vm-fields.ts'
import { isWindowsDraft } from '../guest-system.ts'
import type { WizardState } from '../use-wizard.ts'

function sizeWords(draft: Draft): string {
  const chosen = instancetype.get(draft)
  const inferred = inferredFrom(draft)
  if (chosen !== '') return chosen.split('/').at(-1) ?? chosen
  if (inferred !== undefined) return `As volume ${inferred} says`
  return `${cpuCount.get(draft)} CPUs, ${memoryGiB.get(draft)} GiB`
}

function hasLogin(draft: Draft): boolean {
  const text = userData.get(draft)
  if (sshKeyPlaces(draft).length > 0 || isWindowsDraft(draft)) return true
  return /passw(or)?d|ssh_authorized_keys|users:|^#!/.test(text)
}

function nameWords(draft: Draft): string {
  if (isMany(draft) && manyIsPool.get(draft))
    return `Pool ${vmName.get(draft)} of ${manyCount.get(draft)}`
  const names = copyNames(draft)
  const last = names.at(-1)
  return names.length > 1 ? `${names.length}, ${names[0]} to ${last}` : last || '–'
}

function facts(draft: Draft): [string, string][] {
  const disks = draftSources(draft).map(({ name, source }) => `${name}: ${source}`)
  const user = cloudConfigField('user').get(draft)
  return [
    ['Name', `${nameWords(draft)} in namespace ${vmNamespace.get(draft) || '–'}`],
    ['Size', sizeWords(draft)],
    ['Preference', preference.get(draft).split('/').at(-1) || 'None'],
    ['Disks', disks.join('; ') || 'None'],
    [
      'Networks',
      draftNics(draft)
        .map(({ name, binding }) => `${name} (${binding})`)
        .join(', ') || 'None',
    ],
    ['User', user || (hasLogin(draft) ? 'As the first boot says' : 'The image’s own')],
    ['Run strategy', runStrategy.get(draft)],
  ]
}

export function ReviewStep({ state }: { state: WizardState }) {
  const { draft, steps, missing } = state
  const [copied, setCopied] = useState('Copy kubectl command')
  const lacking = Object.values(missing).flat()
  return (
    <Flex direction={{ default: 'column' }} gap={{ default: 'gapLg' }}>
      {lacking.length > 0 && (
        <Alert isInline component="p" variant="info" title="Something is still to be chosen">
          {lacking.join(' ')}
        </Alert>
      )}
      {!hasLogin(draft) && (
        <Alert isInline component="p" variant="warning" title="Nobody may be able to log in">
          Images of cloud systems have no password. Give one, or an SSH key, under First boot.
        </Alert>
      )}
      <DescriptionList isHorizontal isCompact>
        {facts(draft).map(([term, value]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription>{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
      <div>
        <Button
          variant="secondary"
          onClick={() =>
            void copyToClipboard(kubectlCommand(draft)).then((isCopied) =>
              setCopied(isCopied ? 'Copied' : 'The browser didn’t allow copying'),
            )
          }
          onBlur={() => setCopied('Copy kubectl command')}
        >
          {copied}
        </Button>
      </div>
      <FormChanges steps={steps} />
    </Flex>
  )
}
