/** What KubeVirt's DHCP server tells the guest besides its address, as text in a form. */
import type { Interface } from '../../../kube/vm-devices.ts'

type DhcpOptions = NonNullable<Interface['dhcpOptions']>

export interface DhcpValues {
  bootFileName: string
  tftpServerName: string
  /** Separated by commas. */
  ntpServers: string
  /** `240=text; 241=text`. */
  privateOptions: string
}

/** Comma, blank or both between the entries. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

const privateOption = /^(\d{1,3})=(.+)$/

/** A value may contain a semicolon, as long as no number and equals sign follow it. */
function privateEntries(text: string): string[] {
  return text
    .split(/;\s*(?=\d{1,3}=|$)/)
    .map((entry) => entry.trim())
    .filter(Boolean)
}

/** Which numbers are private, and that none comes twice, the cluster says itself. */
export function arePrivateOptions(text: string): boolean {
  return privateEntries(text).every((entry) => privateOption.test(entry))
}

export function dhcpToValues(options: DhcpOptions | undefined): DhcpValues {
  const privateOptions = options?.privateOptions ?? []
  return {
    bootFileName: options?.bootFileName ?? '',
    tftpServerName: options?.tftpServerName ?? '',
    ntpServers: (options?.ntpServers ?? []).join(', '),
    privateOptions: privateOptions.map(({ option, value }) => `${option}=${value}`).join('; '),
  }
}

/** Undefined when nothing is filled in. */
export function dhcpFromValues(values: DhcpValues): DhcpOptions | undefined {
  const bootFileName = values.bootFileName.trim()
  const tftpServerName = values.tftpServerName.trim()
  const ntpServers = wordsIn(values.ntpServers)
  const privateOptions = privateEntries(values.privateOptions).map((entry) => {
    const [, option, value = ''] = privateOption.exec(entry) ?? []
    return { option: Number(option), value }
  })
  const options: DhcpOptions = {
    ...(bootFileName !== '' && { bootFileName }),
    ...(tftpServerName !== '' && { tftpServerName }),
    ...(ntpServers.length > 0 && { ntpServers }),
    ...(privateOptions.length > 0 && { privateOptions }),
  }
  return Object.keys(options).length > 0 ? options : undefined
}
