import { CodeBlock, CodeBlockCode, DescriptionList } from '@patternfly/react-core'
import { stringify } from 'yaml'

import type { TemplateParameter } from '../../../kube/kinds.ts'
import { isAsked, parametersOf, templateFacts } from '../../../kube/vm-template.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { Fact, Section } from '../../ui/Section.tsx'
import type { TemplateSubject } from './TemplateDetailsPage.tsx'

const width = { default: '16ch' } as const

/** What a template asks for, and the VM it makes. */
export function TemplateOverviewTab({ template }: TemplateSubject) {
  const { metadata, spec } = template
  const { instancetype, preference, disks } = templateFacts(template)
  return (
    <div className="kc-overview">
      <div className="kc-overview-column">
        <Section title="Details">
          <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={width}>
            <Fact term="Namespace">{metadata.namespace}</Fact>
            <Fact term="Instance type">{instancetype || 'None: it says its size itself'}</Fact>
            <Fact term="Preference">{preference || 'None'}</Fact>
            <Fact term="Disks">{disks}</Fact>
            {(spec?.message ?? '') !== '' && <Fact term="Message">{spec?.message}</Fact>}
            <Fact term="Created">
              <TimeAgo time={metadata.creationTimestamp} />
            </Fact>
          </DescriptionList>
        </Section>
        <Section title="Parameters">
          {parametersOf(template).length === 0 ? (
            <p>It has none: each VM made from it is the same.</p>
          ) : (
            <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={width}>
              {parametersOf(template).map((parameter) => (
                <Fact key={parameter.name} term={parameter.displayName ?? parameter.name}>
                  {parameterWords(parameter)}
                </Fact>
              ))}
            </DescriptionList>
          )}
        </Section>
      </div>
      <div className="kc-overview-column">
        <Section title="The VM it makes">
          <CodeBlock>
            <CodeBlockCode>{stringify(spec?.virtualMachine ?? {})}</CodeBlockCode>
          </CodeBlock>
        </Section>
      </div>
    </div>
  )
}

function parameterWords(parameter: TemplateParameter): string {
  const { description, value = '', generate, from } = parameter
  const words = isAsked(parameter)
    ? 'Has to be given'
    : value !== ''
      ? `${value} unless another is given`
      : generate === undefined
        ? 'Empty unless given'
        : `Made by ${from ?? generate} unless given`
  return description === undefined ? words : `${description}: ${words}`
}
