import './type-text.css'
import {
  Alert,
  Button,
  Checkbox,
  Content,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Progress,
  TextArea,
  TextInput,
  Title,
} from '@patternfly/react-core'
import { ArrowLeftIcon, PasteIcon, TimesIcon } from '@patternfly/react-icons'
import { useEffect, useId, useMemo, useRef, useState } from 'react'

import { perCluster } from '../../../../host/cluster-prefix.ts'
import { storeChoice, storedChoice, useStoredChoice } from '../../../../ui/stored-choice.ts'
import { useBesideMark } from '../../beside-mark.ts'
import type { ConsoleSession } from '../../session/console-session.ts'
import type { VncDisplay } from '../vnc-display.ts'
import { isLayoutId, layoutNames, strokesOf, type LayoutId } from './keyboard-layout.ts'
import { planTyping, typedText } from './typing-plan.ts'
import { typingMs } from './typist.ts'
import { Untypable } from './Untypable.tsx'
import { useTyping, type TypingResult } from './use-typing.ts'

interface TypeTextPanelProps {
  session: ConsoleSession<VncDisplay>
  namespace: string
  name: string
  /** Why no keys can be sent now. */
  disabledReason: string | undefined
  onClose: () => void
}

const paces = {
  fast: { label: 'Fast', msPerKey: 20 },
  normal: { label: 'Normal', msPerKey: 50 },
  slow: { label: 'Slow', msPerKey: 150 },
}
type Pace = keyof typeof paces

/** Types a text into a guest by the keys that its keyboard layout has for it. */
export function TypeTextPanel({
  session,
  namespace,
  name,
  disabledReason,
  onClose,
}: TypeTextPanelProps) {
  const id = useId()
  const [layout, chooseLayout] = useGuestLayout(namespace, name)
  const [text, setText] = useState('')
  const [isSecret, setIsSecret] = useState(false)
  const [endsWithEnter, setEndsWithEnter] = useState(false)
  const [pace, setPace] = useState<Pace>('normal')
  const [clipboardProblem, setClipboardProblem] = useState<string>()
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null)
  const { progress, result, start, cancel, forget } = useTyping(session)
  const isTyping = progress !== undefined

  useEffect(() => field.current?.focus(), [])
  useBesideMark(field, 'besideTypeText', true)

  const { msPerKey } = paces[pace]
  const strokes = useMemo(() => strokesOf(layout), [layout])
  const whole = endsWithEnter ? `${text}\n` : text
  const { characters, untypable } = useMemo(() => planTyping(whole, strokes), [whole, strokes])

  function change(next: string) {
    setText(next)
    setClipboardProblem(undefined)
    forget()
  }

  async function paste() {
    try {
      const pasted = await navigator.clipboard.readText()
      change(isSecret ? pasted.replace(/[\r\n]+$/, '') : pasted)
    } catch {
      setClipboardProblem(
        'The browser keeps the clipboard to itself here: press Ctrl+V in the field.',
      )
    }
    field.current?.focus()
  }

  const reason =
    disabledReason ??
    (untypable.size > 0 ? 'Some characters are not on this keyboard layout' : undefined) ??
    (characters.length === 0 ? 'There is nothing to type yet' : undefined)

  const fieldProps = {
    id: `${id}-text`,
    ref: field,
    value: text,
    readOnly: isTyping,
    autoComplete: 'off',
    spellCheck: false,
    // Password managers know these, and keep nothing of the field.
    'data-1p-ignore': true,
    'data-lpignore': 'true',
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc leads back from anything in it
    <section
      className="kc-beside kc-type-text"
      aria-labelledby={`${id}-title`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        if (isTyping) cancel()
        else onClose()
      }}
    >
      <div className="kc-beside-head">
        <Button
          variant="link"
          icon={<ArrowLeftIcon />}
          className="kc-beside-back"
          onClick={onClose}
        >
          Back to the console
        </Button>
        <Title headingLevel="h2" size="md" id={`${id}-title`}>
          Type text
        </Title>
        <Button
          variant="plain"
          icon={<TimesIcon />}
          className="kc-beside-close"
          aria-label="Close type text"
          onClick={onClose}
        />
      </div>
      <div className="kc-beside-content">
        <Form
          id={`${id}-form`}
          onSubmit={(event) => {
            event.preventDefault()
            if (reason !== undefined || isTyping) return
            start(characters, msPerKey, () => {
              if (isSecret) setText('')
            })
          }}
        >
          <FormGroup label="Guest’s keyboard layout" fieldId={`${id}-layout`}>
            <FormSelect
              id={`${id}-layout`}
              value={layout}
              isDisabled={isTyping}
              onChange={(_event, next) => {
                if (isLayoutId(next)) chooseLayout(next)
                forget()
              }}
            >
              {Object.entries(layoutNames).map(([value, label]) => (
                <FormSelectOption key={value} value={value} label={label} />
              ))}
            </FormSelect>
            <FormHelperText>
              <HelperText>
                <HelperTextItem>As it is set inside {name}; kept for this VM.</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label={isSecret ? 'Secret text' : 'Text'} fieldId={`${id}-text`}>
            {isSecret ? (
              <TextInput
                {...fieldProps}
                type="password"
                autoComplete="new-password"
                onChange={(_event, next) => change(next)}
              />
            ) : (
              <TextArea
                {...fieldProps}
                rows={4}
                resizeOrientation="vertical"
                onChange={(_event, next) => change(next)}
              />
            )}
            <div className="kc-type-text-under">
              <Button
                variant="link"
                isInline
                icon={<PasteIcon />}
                isDisabled={isTyping}
                onClick={() => void paste()}
              >
                Paste from clipboard
              </Button>
              <span className="kc-muted">{countWords(typedText(text).length)}</span>
            </div>
            {clipboardProblem !== undefined && (
              <Alert isInline isPlain variant="warning" title={clipboardProblem} />
            )}
          </FormGroup>
          <Untypable text={text} strokes={strokes} untypable={untypable} isSecret={isSecret} />
          <FormGroup label="Pace" fieldId={`${id}-pace`}>
            <FormSelect
              id={`${id}-pace`}
              value={pace}
              isDisabled={isTyping}
              onChange={(_event, next) => setPace(next as Pace)}
            >
              {Object.entries(paces).map(([value, { label, msPerKey: ms }]) => (
                <FormSelectOption key={value} value={value} label={`${label}, ${ms} ms per key`} />
              ))}
            </FormSelect>
            {characters.length > 0 && (
              <FormHelperText>
                <HelperText>
                  <HelperTextItem>
                    Takes about {durationWords(typingMs(characters, msPerKey))}.
                  </HelperTextItem>
                </HelperText>
              </FormHelperText>
            )}
          </FormGroup>
          <div>
            <Checkbox
              id={`${id}-enter`}
              label="End with Enter"
              isChecked={endsWithEnter}
              isDisabled={isTyping}
              onChange={(_event, isChecked) => {
                setEndsWithEnter(isChecked)
                forget()
              }}
            />
            <Checkbox
              id={`${id}-secret`}
              label="Secret"
              description="Hidden here, and forgotten once it is typed."
              isChecked={isSecret}
              isDisabled={isTyping}
              onChange={(_event, isChecked) => {
                // What was hidden is not shown again.
                change(isChecked ? text : '')
                setIsSecret(isChecked)
              }}
            />
          </div>
        </Form>
      </div>
      <div className="kc-type-text-actions">
        {isTyping ? (
          <>
            <Progress
              aria-label="Typing"
              title="Typing; your own keys wait"
              value={progress.typed}
              max={progress.total}
              valueText={`${progress.typed} of ${progress.total}`}
              label={`${progress.typed} of ${progress.total}, ${durationWords(
                typingMs(characters.slice(progress.typed), msPerKey),
              )} left`}
              size="sm"
            />
            {/* Not the same element as the other button, which the click would go on to press. */}
            <Button key="cancel" variant="secondary" onClick={cancel}>
              Cancel
            </Button>
          </>
        ) : (
          <>
            {result && <Result result={result} name={name} />}
            <Button
              key="type"
              variant="primary"
              type="submit"
              form={`${id}-form`}
              data-hint={reason}
              isAriaDisabled={reason !== undefined}
            >
              Type {endsWithEnter ? 'and press Enter' : 'into the guest'}
            </Button>
          </>
        )}
      </div>
    </section>
  )
}

function Result({ result, name }: { result: TypingResult; name: string }) {
  const { end, typed, total } = result
  const count = `${typed} of ${total} characters`
  if (end === 'done')
    return (
      <Alert isInline isPlain isLiveRegion variant="success" title={`Typed ${countWords(total)}`} />
    )
  return end === 'cancelled' ? (
    <Alert isInline isPlain isLiveRegion variant="info" title={`Cancelled after ${count}`} />
  ) : (
    <Alert isInline isLiveRegion variant="warning" title={`Stopped after ${count}`}>
      <Content component="p">
        The connection to {name} ended. Look at its screen for what has arrived before you type the
        rest.
      </Content>
    </Alert>
  )
}

/** Chosen for this VM, or last for any. */
function useGuestLayout(
  namespace: string,
  name: string,
): [layout: LayoutId, choose: (layout: LayoutId) => void] {
  const [stored, store] = useStoredChoice(perCluster(`keyboard-layout.${namespace}/${name}`))
  const last = storedChoice('keyboard-layout')
  const layout = [stored, last].find(isLayoutId) ?? 'us'
  return [
    layout,
    (next) => {
      store(next)
      storeChoice('keyboard-layout', next)
    },
  ]
}

function countWords(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`
}

function durationWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
