import {
  Alert,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Gallery,
  HelperText,
  HelperTextItem,
  Label,
  SearchInput,
} from '@patternfly/react-core'
import { useState } from 'react'

import type { TemplateOffer } from '../../../../kube/template-offer.ts'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { useDraft } from '../draft-context.ts'
import { isOfTemplate, startFromTemplate } from '../draft/template-start.ts'
import { useOfferedTemplates } from '../offered-templates.ts'
import { TemplateParameters } from './TemplateParameters.tsx'

/** More are found by typing. */
const shownAtOnce = 60
/** So many can be looked through. */
const fewEnough = 6

const sources: Record<TemplateOffer['kind'], string> = {
  VirtualMachineTemplate: 'KubeVirt template',
  Template: 'OpenShift template',
}

function isFound({ title, name, namespace, description, kind }: TemplateOffer, words: string[]) {
  const text = `${title} ${name} ${namespace} ${description} ${sources[kind]}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** A template of any namespace, and its blanks. */
export function TemplateChoice({ namespace }: { namespace: string }) {
  const { draft } = useDraft()
  const { offers, isLoading, isMissing, troubles } = useOfferedTemplates(namespace)
  const chosen = offers.find((offer) => isOfTemplate(draft, offer))
  return (
    <>
      {troubles.map((trouble) => (
        <Alert key={trouble} isInline component="p" variant="warning" title={trouble} />
      ))}
      {offers.length > 0 ? (
        <TemplateCards offers={offers} />
      ) : isLoading ? (
        <LoadingLines label="Loading templates" count={3} />
      ) : (
        troubles.length === 0 && (
          <Alert isInline component="p" variant="info" title="No template is offered here">
            {isMissing
              ? 'The cluster knows no VirtualMachineTemplates (template.kubevirt.io): they come with KubeVirt 1.9 and its Template gate.'
              : 'A template is made of a VM, under Catalog, Templates.'}
          </Alert>
        )
      )}
      {draft.template && !chosen && !isLoading && (
        <Alert
          isInline
          component="p"
          variant="warning"
          title={`Template ${draft.template.name} in ${draft.template.namespace} isn’t there`}
        >
          {draft.template.filledWith
            ? 'The VM stays as it was filled in.'
            : 'Choose another, or start from something else.'}
        </Alert>
      )}
      {chosen && (
        <TemplateParameters
          key={`${chosen.kind}/${chosen.namespace}/${chosen.name}`}
          offer={chosen}
        />
      )}
    </>
  )
}

function TemplateCards({ offers }: { offers: readonly TemplateOffer[] }) {
  const { draft, change } = useDraft()
  const [typed, setTyped] = useState('')
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const isChosen = (offer: TemplateOffer) => isOfTemplate(draft, offer)
  const found = offers.filter((offer) => isChosen(offer) || isFound(offer, words))
  const more = found.length - shownAtOnce
  return (
    <>
      {offers.length > fewEnough && (
        <SearchInput
          aria-label="Find a template"
          placeholder="Find by name, namespace or description"
          className="kc-wizard-search"
          value={typed}
          onChange={(_event, next) => setTyped(next)}
          onClear={() => setTyped('')}
        />
      )}
      <Gallery hasGutter minWidths={{ default: '14rem' }} role="radiogroup" aria-label="Template">
        {found.slice(0, shownAtOnce).map((offer) => (
          <TemplateCard
            key={`${offer.kind}/${offer.namespace}/${offer.name}`}
            offer={offer}
            isChosen={isChosen(offer)}
            onChoose={() => change((before) => startFromTemplate(before, offer))}
          />
        ))}
      </Gallery>
      <HelperText aria-live="polite">
        {found.length === 0 && <HelperTextItem>Nothing matches “{typed}”.</HelperTextItem>}
        {more > 0 && <HelperTextItem>{more} more: type to narrow them down.</HelperTextItem>}
      </HelperText>
    </>
  )
}

function TemplateCard({
  offer,
  isChosen,
  onChoose,
}: {
  offer: TemplateOffer
  isChosen: boolean
  onChoose: () => void
}) {
  const { kind, namespace, name, title, description, problem } = offer
  const id = `template-${kind}-${namespace}-${name}`
  return (
    <Card
      id={id}
      isSelectable
      isSelected={isChosen}
      isDisabled={problem !== undefined && !isChosen}
      isCompact
    >
      <CardHeader
        selectableActions={{
          selectableActionId: `${id}-radio`,
          selectableActionAriaLabelledby: `${id}-title`,
          name: 'template',
          variant: 'single',
          isChecked: isChosen,
          onChange: onChoose,
        }}
      >
        <CardTitle id={`${id}-title`}>{title}</CardTitle>
      </CardHeader>
      <CardBody>
        <div className="kc-image-facts">
          {description !== '' && <span className="kc-card-description">{description}</span>}
          <span className="kc-muted">
            {title === name ? '' : `${name}, `}
            {sources[kind]} in {namespace}
          </span>
          {problem !== undefined && (
            <>
              <span>
                <Label isCompact status="warning">
                  Not ready
                </Label>
              </span>
              <span>{problem}</span>
            </>
          )}
        </div>
      </CardBody>
    </Card>
  )
}
