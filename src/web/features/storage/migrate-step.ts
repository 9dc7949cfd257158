import type { KubeClient } from '../../../kube/client.ts'
import {
  migrationKind,
  virtualMachineInstanceKind,
  type ObjectMeta,
  type VirtualMachineInstanceMigration,
} from '../../../kube/kinds.ts'
import { kubectlCreate } from '../../../kube/vm-patch.ts'
import { volumeMigrationOf } from '../../../kube/volume-migration.ts'
import type { FormStep } from '../../ui/form-shell/form-step.ts'

/** How long KubeVirt gets to take a change of volumes over to the instance. */
const takeOverMs = 20_000
const lookMs = 500

/**
 * Starts the live migration that copies the volumes, once the instance has taken over that one of
 * them goes to `claimName`: before, the migration would be refused, or copy nothing. For the same
 * reason it can't be tried beforehand.
 */
export function migrateStep(
  client: KubeClient,
  { name, namespace = '' }: ObjectMeta,
  claimName: string | undefined,
): FormStep {
  const manifest = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceMigration',
    metadata: { generateName: `${name}-volumes-`, namespace },
    spec: { vmiName: name },
  }
  async function untilTakenOver(signal: AbortSignal | undefined): Promise<void> {
    const end = Date.now() + takeOverMs
    for (;;) {
      const vmi = await client.get(virtualMachineInstanceKind, { name, namespace }, signal)
      const moves = volumeMigrationOf(vmi, [])?.moves ?? []
      if (moves.some(({ to }) => claimName === undefined || to === claimName)) return
      if (Date.now() > end)
        throw new Error(
          'KubeVirt hasn’t begun to move the volume. The conditions of the VM may say why; the change itself is saved.',
        )
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
  }
  return {
    title: `Create VirtualMachineInstanceMigration for ${name}`,
    body: manifest,
    command: kubectlCreate(migrationKind, manifest),
    rules: [],
    async send({ dryRun, signal }) {
      if (dryRun) return
      await untilTakenOver(signal)
      await client.create<VirtualMachineInstanceMigration>(migrationKind, namespace, manifest)
    },
  }
}
