import {
  Button,
  Flex,
  Form,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Stack,
  StackItem,
} from '@patternfly/react-core'
import { useCallback, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { FormProvider, useWatch, type FieldValues, type UseFormReturn } from 'react-hook-form'

import type { Effect } from '../../../kube/apply-time.ts'
import type { ValueChange } from '../../../kube/value-diff.ts'
import { useUnsavedWork } from '../unsaved-work.ts'
import { ShellContext, type FieldEffects } from './form-context.ts'
import type { FormStep } from './form-step.ts'
import { FormChanges } from './FormChanges.tsx'
import { FormEffect } from './FormEffect.tsx'
import { FormProblems } from './FormProblems.tsx'
import {
  checkFromError,
  checkFromFailure,
  failedCheck,
  useServerCheck,
  type ServerCheck,
} from './use-server-check.ts'
import { useTopmost } from './use-topmost.ts'

interface FormShellProps<V extends FieldValues> {
  title: string
  description?: ReactNode
  form: UseFormReturn<V>
  /** What will be sent for the values; undefined while they aren't complete or not valid. */
  steps: FormStep[] | undefined
  effect: Effect | undefined
  /** The same for single fields, by their names. */
  fieldEffects?: FieldEffects | undefined
  /** The button's words: what will happen. */
  submitLabel: string
  isDangerous?: boolean
  /** For a form with something beside its fields. */
  isWide?: boolean
  /** Something was changed that is no field. */
  isChangedBeside?: boolean
  /** Asks the cluster before anything is typed, where there is little to type. */
  isCheckedAtOnce?: boolean
  /** Fetches what the form is based on once more; the input stays. */
  onReload: () => Promise<void>
  /** What somebody else has changed since the form was opened, to be shown when that is in the way. */
  readChanges?: () => Promise<readonly ValueChange[]>
  onClose: () => void
  children?: ReactNode
}

/**
 * A dialog for one change. It asks the cluster while one types and before it saves, shows what
 * would be sent and when it takes effect, and stays open with its input until the cluster has
 * accepted it.
 */
export function FormShell<V extends FieldValues>({
  title,
  description,
  form,
  steps,
  effect,
  fieldEffects,
  submitLabel,
  isDangerous = false,
  isWide = false,
  isChangedBeside = false,
  isCheckedAtOnce = false,
  onReload,
  readChanges,
  onClose,
  children,
}: FormShellProps<V>) {
  const id = useId()
  const body = useRef<HTMLDivElement>(null)
  useTopmost(body)
  const { isDirty, touchedFields } = form.formState
  useUnsavedWork(isDirty || isChangedBeside ? `The form “${title}”.` : undefined)
  const isBegun =
    isCheckedAtOnce || isChangedBeside || isDirty || Object.keys(touchedFields).length > 0
  const [isSaving, setSaving] = useState(false)
  const isUnderWay = useRef(false)
  const [isLeaving, setLeaving] = useState(false)
  const [refusals, setRefusals] = useState(0)
  const trial = useServerCheck(steps, isBegun && !isSaving)
  /** How saving failed; it stays on screen until the input changes. */
  const [failure, setFailure] = useState<{ check: ServerCheck; input: string }>()
  const input = JSON.stringify(form.getValues())
  const check = failure?.input === input ? failure.check : trial.check
  const { context, unplaced } = useMessages(check, fieldEffects)

  // After a refused save the first field to mend has the focus.
  useEffect(() => {
    if (refusals === 0) return
    const target =
      body.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ??
      body.current?.querySelector<HTMLElement>('[data-form-problem]')
    target?.focus()
    target?.scrollIntoView?.({ block: 'nearest' })
  }, [refusals])

  function fail(check: ServerCheck): void {
    // As it is now: who typed while it was being saved is told as well.
    setFailure({ check, input: JSON.stringify(form.getValues()) })
    setRefusals((count) => count + 1)
  }

  async function save(): Promise<void> {
    // A second press may come before the button is disabled.
    if (isUnderWay.current) return
    if (!steps)
      return fail(failedCheck('What is to be sent is still being put together. Try once more.'))
    isUnderWay.current = true
    setFailure(undefined)
    setSaving(true)
    try {
      const verdict = await trial.checkNow(steps)
      // Overtaken by the fields or the object: what is shown now is to be confirmed anew.
      if (!verdict)
        return fail(failedCheck('What is to be sent has changed meanwhile. Try once more.'))
      if (verdict.state !== 'accepted') return fail(verdict)
      for (const step of steps) {
        try {
          await step.send({ dryRun: false })
        } catch (cause) {
          return fail(checkFromError(cause, step))
        }
      }
      onClose()
    } finally {
      isUnderWay.current = false
      setSaving(false)
    }
  }

  async function reload(): Promise<void> {
    try {
      await onReload()
      setFailure(undefined)
    } catch (cause) {
      fail(checkFromFailure(cause))
    }
  }

  function leave(): void {
    if (isSaving) return
    if ((isDirty || isChangedBeside) && !isLeaving) setLeaving(true)
    else onClose()
  }

  return (
    <>
      {/* React then listens to the page's body before the dialog does, so that a list within the dialog
          handles Escape first. */}
      {createPortal(null, document.body)}
      <Modal
        className="kc-dialog"
        isOpen
        variant={isWide ? 'large' : 'medium'}
        onClose={leave}
        onEscapePress={(event) => {
          if (!event.defaultPrevented) leave()
        }}
        // Where there is something to fill in, one is there; where something is taken away, nowhere near it.
        {...(!isDangerous && { elementToFocus: firstField })}
        aria-labelledby={`${id}-title`}
        {...(description !== undefined && { 'aria-describedby': `${id}-description` })}
      >
        <ModalHeader
          title={title}
          labelId={`${id}-title`}
          {...(isDangerous && { titleIconVariant: 'warning' as const })}
          {...(description !== undefined && { description, descriptorId: `${id}-description` })}
        />
        <ModalBody tabIndex={0} aria-label={`${title}, form`}>
          <div ref={body} data-form-body>
            <FormProvider {...form}>
              <ShellContext.Provider value={context}>
                <Form
                  id={id}
                  noValidate
                  onSubmit={(event) => {
                    event.preventDefault()
                    void form.handleSubmit(save)()
                  }}
                >
                  <FormProblems
                    check={check}
                    messages={unplaced}
                    onReload={reload}
                    readChanges={readChanges}
                  />
                  {children}
                  <FormChanges steps={steps} />
                </Form>
              </ShellContext.Provider>
            </FormProvider>
          </div>
        </ModalBody>
        <ModalFooter>
          <Stack hasGutter>
            {effect && (
              <StackItem>
                <FormEffect effect={effect} />
              </StackItem>
            )}
            <StackItem>
              <Flex>
                {isLeaving ? (
                  <>
                    <Button variant="danger" onClick={onClose}>
                      Discard input
                    </Button>
                    <Button variant="link" onClick={() => setLeaving(false)}>
                      Keep editing
                    </Button>
                  </>
                ) : (
                  <>
                    <Button
                      type="submit"
                      form={id}
                      variant={isDangerous ? 'danger' : 'primary'}
                      isLoading={isSaving}
                      isDisabled={isSaving}
                    >
                      {submitLabel}
                    </Button>
                    <Button variant="link" onClick={leave} isDisabled={isSaving}>
                      Cancel
                    </Button>
                    <CheckState check={check} />
                  </>
                )}
              </Flex>
            </StackItem>
          </Stack>
        </ModalFooter>
      </Modal>
    </>
  )
}

const fields = ':is(input:not([readonly]), select)'

/** The first field; without one the form's first button, else the one that saves. */
const firstField = [
  `[data-form-body] ${fields}`,
  `[data-form-body]:not(:has(${fields})) button`,
  `.kc-dialog:not(:has([data-form-body] :is(${fields}, button))) button[type="submit"]`,
].join()

const noEffects: FieldEffects = {}

/** Parts the messages into those of fields on screen and the rest. */
function useMessages(check: ServerCheck, effects: FieldEffects = noEffects) {
  const [shown, setShown] = useState<readonly string[]>([])
  const register = useCallback((field: string) => {
    setShown((before) => [...before, field])
    return () =>
      setShown((before) => {
        const index = before.indexOf(field)
        return before.filter((_, place) => place !== index)
      })
  }, [])
  return useMemo(() => {
    const hidden = Object.entries(check.fields).filter(([field]) => !shown.includes(field))
    return {
      context: { messages: check.fields, register, effects },
      unplaced: [...hidden.flatMap(([, messages]) => messages ?? []), ...check.others],
    }
  }, [check, shown, register, effects])
}

const checkWords: Record<ServerCheck['state'], string> = {
  idle: '',
  checking: 'Asking the cluster…',
  accepted: 'The cluster would accept this.',
  refused: 'The cluster would refuse this.',
  failed: 'The cluster couldn’t check this.',
}

function CheckState({ check }: { check: ServerCheck }) {
  return <output aria-live="polite">{checkWords[check.state]}</output>
}

/** The values of a form as they are now, valid or not. */
export function useFormValues<V extends FieldValues>(form: UseFormReturn<V>): V {
  // Subscribes; what it returns lacks the values of fields that aren't on screen.
  useWatch({ control: form.control })
  return form.getValues()
}
