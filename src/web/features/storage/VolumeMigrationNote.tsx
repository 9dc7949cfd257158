import { Alert, AlertActionLink, Content } from '@patternfly/react-core'
import { useState } from 'react'
import { useForm } from 'react-hook-form'

import type { Effect } from '../../../kube/apply-time.ts'
import {
  migrationKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import {
  cancelMovePatch,
  endStrategyPatch,
  volumeMigrationOf,
  type VolumeMigration,
} from '../../../kube/volume-migration.ts'
import { useKube } from '../../data/host-context.tsx'
import { useLiveList } from '../../data/live-list.ts'
import { Age } from '../../ui/Age.tsx'
import { deleteStep, patchStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import { FormShell } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { migrateStep } from './migrate-step.ts'

interface Props {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  /** Why the VM can't be changed. */
  reason: string | undefined
}

type Question = 'cancel' | 'migrate' | 'end'

/** How the moving of volumes gets on, and what can be done about it; nothing when there is none. */
export function VolumeMigrationNote({ vm, vmi, reason }: Props) {
  const { name, namespace = '' } = vm.metadata
  const isMoving = volumeMigrationOf(vmi, []) !== undefined
  const migrations = useLiveList(migrationKind, {
    namespace,
    labelSelector: `kubevirt.io/vmi-name=${name}`,
    enabled: isMoving,
  })
  const [question, setQuestion] = useState<Question>()
  const move = volumeMigrationOf(vmi, migrations.items)
  if (!move && vm.spec.updateVolumesStrategy !== 'Migration') return null
  const link = (what: Question, label: string) =>
    reason === undefined && (
      <AlertActionLink key={what} onClick={() => setQuestion(what)}>
        {label}
      </AlertActionLink>
    )
  return (
    <>
      {move ? (
        <Alert
          isInline
          variant={move.failure === undefined ? 'info' : 'danger'}
          title={`Moving ${move.moves.map(({ volumeName }) => volumeName).join(', ')}: ${stateWords(move)}`}
          actionLinks={[
            move.state === 'waiting' && link('migrate', 'Migrate now'),
            link('cancel', 'Cancel moving'),
          ]}
        >
          {move.moves.map(({ volumeName, from, to }) => (
            <div key={volumeName}>
              {volumeName}: from {from} to {to}
            </div>
          ))}
          {move.since !== undefined && (
            <div>
              Copying since <Age time={move.since} />
            </div>
          )}
          {move.failure !== undefined && <div>The last attempt failed: {move.failure}</div>}
        </Alert>
      ) : (
        <Alert
          isInline
          variant="info"
          title="Disks aren’t plugged into this VM while it runs"
          actionLinks={link('end', 'Allow plugging again')}
        >
          It is set to move its volumes by migration (updateVolumesStrategy). No move is under way.
        </Alert>
      )}
      {question && (
        <MoveQuestion
          vm={vm}
          move={move}
          question={question}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </>
  )
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/core/v1/types.go (VirtualMachineInstanceMigrationPhase) */
const phaseWords: Record<string, string> = {
  Pending: 'a live migration waits to begin',
  Scheduling: 'looking for a node to migrate to',
  Scheduled: 'the other node prepares',
  PreparingTarget: 'the other node prepares',
  TargetReady: 'the other node is ready',
  Running: 'the data is copied',
}

function stateWords({ state, migration }: VolumeMigration): string {
  if (state === 'waiting') return 'waits for a live migration'
  const phase = migration?.status?.phase ?? 'Pending'
  return phaseWords[phase] ?? phase
}

const titles: Record<Question, string> = {
  cancel: 'Cancel moving',
  migrate: 'Migrate now',
  end: 'Allow plugging disks again',
}

const effects: Record<Question, Effect> = {
  cancel: {
    when: 'now',
    sentence: 'The VM stays on its old volumes. What was copied is of no use.',
  },
  migrate: { when: 'now', sentence: 'The VM moves to another node, and its volumes are copied.' },
  end: { when: 'now', sentence: 'The VM stays on the volumes it has.' },
}

function MoveQuestion({
  vm,
  move,
  question,
  onClose,
}: {
  vm: VirtualMachine
  move: VolumeMigration | undefined
  question: Question
  onClose: () => void
}) {
  const client = useKube()
  const form = useForm()
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const patch = (operations: ReturnType<typeof endStrategyPatch>) =>
    patchStep(client, virtualMachineKind, base, operations, [])
  const stepsOf: Record<Question, () => FormStep[]> = {
    cancel: () => [
      patch(cancelMovePatch(base, move?.moves ?? [])),
      ...(move?.migration ? [deleteStep(client, migrationKind, move.migration)] : []),
    ],
    migrate: () => [migrateStep(client, base.metadata, undefined)],
    end: () => [patch(endStrategyPatch())],
  }
  return (
    <FormShell
      title={titles[question]}
      form={form}
      steps={stepsOf[question]()}
      effect={effects[question]}
      submitLabel={titles[question]}
      isCheckedAtOnce
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      {question === 'cancel' && (
        <Content component="p">
          {move?.moves.map(({ to }) => to).join(', ')} stays as a claim; delete it when you don’t
          need it.
        </Content>
      )}
    </FormShell>
  )
}
