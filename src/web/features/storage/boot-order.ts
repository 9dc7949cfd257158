import type { VirtualMachine } from '../../../kube/kinds.ts'
import { disksOf, templateSpec } from '../../../kube/vm-devices.ts'
import type { BootDevice } from './disk-patch.ts'

/** The devices that have a place, in that order, and those that have none. */
export function bootDevices(vm: VirtualMachine): { order: BootDevice[]; rest: BootDevice[] } {
  const spec = templateSpec(vm)
  const all = [
    ...disksOf(spec).flatMap(({ disk }) =>
      disk ? [{ kind: 'disk' as const, name: disk.name, place: disk.bootOrder }] : [],
    ),
    ...(spec.domain.devices.interfaces ?? []).map(({ name, bootOrder }) => ({
      kind: 'nic' as const,
      name,
      place: bootOrder,
    })),
  ]
  const plain = ({ kind, name }: BootDevice): BootDevice => ({ kind, name })
  return {
    order: all
      .filter(({ place }) => place !== undefined)
      .toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0))
      .map(plain),
    rest: all.filter(({ place }) => place === undefined).map(plain),
  }
}

/** The list with one of it at another place; places beyond the ends change nothing. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from]
  if (item === undefined || to < 0 || to >= list.length) return [...list]
  return list.toSpliced(from, 1).toSpliced(to, 0, item)
}
