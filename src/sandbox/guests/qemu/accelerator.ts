import { access, constants, readFile } from 'node:fs/promises'

export type Accelerator = 'kvm' | 'tcg'

/**
 * KVM where the processor's own virtualization is there. `/dev/kvm` alone proves nothing: in nested
 * machines without it, QEMU takes KVM and the guest hardly moves.
 */
export async function chooseAccelerator(): Promise<Accelerator> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK)
    return /\b(vmx|svm)\b/.test(await readFile('/proc/cpuinfo', 'utf8')) ? 'kvm' : 'tcg'
  } catch {
    return 'tcg'
  }
}
