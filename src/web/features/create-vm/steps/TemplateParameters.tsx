import { Alert, Button, Flex, FormSection, Spinner } from '@patternfly/react-core'
import { useEffect, useRef, useState } from 'react'

import type { TemplateParameter } from '../../../../kube/kinds.ts'
import { isSecretParameter, type TemplateOffer } from '../../../../kube/template-offer.ts'
import { isAsked } from '../../../../kube/vm-template.ts'
import { useKube } from '../../../data/host-context.tsx'
import { PlainTextField } from '../../../ui/form-fields/PlainTextField.tsx'
import { useDraft } from '../draft-context.ts'
import {
  isChangedSince,
  isUnfilled,
  withFilledValues,
  withFirstValues,
  withValue,
} from '../draft/template-start.ts'
import { vmName } from '../draft/vm-fields.ts'
import { proposeName } from '../free-name.ts'
import { useFilling } from '../use-filling.ts'

/** The blanks of the chosen template, which the cluster fills in when they are told. */
export function TemplateParameters({ offer }: { offer: TemplateOffer }) {
  const { draft, namespace } = useDraft()
  const { problems, isFilling, isComplete, fillNow } = useFilling(offer)
  useFirstValues(offer)
  const values = draft.template?.values
  if (!values) return null
  const asked = offer.parameters.toSorted((a, b) => rank(offer, a) - rank(offer, b))
  return (
    <FormSection title={`Blanks of ${offer.title}`} titleElement="h2">
      {asked.length === 0 && <p>It has none: each VM made from it is the same.</p>}
      {asked.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          isName={parameter.name === offer.nameParameter}
          problems={problems.fields[parameter.name] ?? []}
        />
      ))}
      {problems.others.length > 0 && (
        <Alert
          isInline
          isLiveRegion
          component="p"
          variant="danger"
          title="The cluster can’t fill it in"
        >
          {problems.others.join(' ')}
        </Alert>
      )}
      {namespace === '' && (
        <Alert isInline component="p" variant="info" title="Choose a namespace for the VM" />
      )}
      <FillState offer={offer} isFilling={isFilling} isComplete={isComplete} fillNow={fillNow} />
    </FormSection>
  )
}

/** The name first, then what has to be told. */
function rank({ nameParameter }: TemplateOffer, parameter: TemplateParameter): number {
  if (parameter.name === nameParameter) return 0
  return isAsked(parameter) ? 1 : 2
}

/** The template's own values, and a free name, when it has just been chosen. */
function useFirstValues(offer: TemplateOffer): void {
  const client = useKube()
  const { draft, change, namespace } = useDraft()
  const isNew = draft.template !== undefined && draft.template.values === undefined
  const typedName = vmName.get(draft)
  const latest = useRef(change)
  useEffect(() => {
    latest.current = change
  })
  useEffect(() => {
    if (!isNew) return undefined
    let isCurrent = true
    const naming =
      offer.nameParameter === '' || typedName !== ''
        ? Promise.resolve(typedName)
        : proposeName(client, namespace, offer.name)
    void naming.then((name) => {
      if (isCurrent) latest.current((before) => withFirstValues(before, offer, name))
    })
    return () => {
      isCurrent = false
    }
    // Once, for the template as it is then.
  }, [isNew, client, namespace, offer, typedName])
}

function ParameterField({
  parameter,
  isName,
  problems,
}: {
  parameter: TemplateParameter
  isName: boolean
  problems: readonly string[]
}) {
  const { draft, change, problems: ofWizard } = useDraft()
  const [isLeft, setLeft] = useState(false)
  const { name, displayName, value = '', generate = '' } = parameter
  const given = draft.template?.values?.[name] ?? ''
  const isLacking = isAsked(parameter) && given.trim() === ''
  return (
    <div onBlur={() => setLeft(true)}>
      <PlainTextField
        {...(isName && { id: 'wizard-name' })}
        value={given}
        onChange={(next) => change((before) => withValue(before, name, next))}
        label={displayName || name}
        isRequired={isAsked(parameter)}
        isSecret={isSecretParameter(parameter)}
        placeholder={generate === '' ? (value === '' ? '' : 'Empty') : 'Generated'}
        help={helpOf(parameter)}
        problems={
          isLacking && isLeft
            ? ['The template needs a value for this.']
            : [...problems, ...((isName && ofWizard.name) || [])]
        }
      />
    </div>
  )
}

function helpOf({ name, displayName, description, generate, from }: TemplateParameter): string {
  const words = [
    description && (/[.!?]$/.test(description) ? description : `${description}.`),
    displayName && displayName !== name && `Parameter ${name}.`,
    generate && from && `Left empty, it is made by ${from}.`,
  ]
  return words.filter(Boolean).join(' ')
}

function FillState({
  offer,
  isFilling,
  isComplete,
  fillNow,
}: {
  offer: TemplateOffer
  isFilling: boolean
  isComplete: boolean
  fillNow: () => Promise<void>
}) {
  const { draft, change } = useDraft()
  const { template } = draft
  const again = (
    <Button
      variant="link"
      isInline
      isDisabled={isFilling || !isComplete}
      onClick={() => void fillNow()}
    >
      Fill in again
    </Button>
  )
  if (isFilling)
    return (
      <output aria-live="polite">
        <Spinner size="md" aria-label="Filling in the template" /> The cluster fills it in…
      </output>
    )
  if (!template?.filledWith) return null
  if (isChangedSince(draft))
    return (
      <Alert
        isInline
        component="p"
        variant={isUnfilled(draft) ? 'warning' : 'info'}
        title={
          template.filled
            ? `The VM was changed since ${offer.title} was filled in`
            : `${offer.title} was filled in before the page was loaded anew`
        }
        actionLinks={
          <Flex>
            {again}
            {isUnfilled(draft) && (
              <Button variant="link" isInline onClick={() => change(withFilledValues)}>
                Keep the VM and the blanks as they were
              </Button>
            )}
          </Flex>
        }
      >
        {template.filled
          ? 'Filled in again, it loses what the other steps or the YAML have changed.'
          : 'Filled in again, the VM has the passwords and keys that weren’t kept, and loses what the other steps or the YAML have changed.'}
      </Alert>
    )
  if (isUnfilled(draft)) return null
  return (
    <Alert isInline isLiveRegion component="p" variant="success" title="The steps now show its VM">
      {template.message}
    </Alert>
  )
}
