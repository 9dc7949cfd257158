interface SshTarget {
  namespace: string
  name: string
  /** Absent while none is known. */
  address: string | undefined
  /** Empty: ssh takes the name of whoever runs it. */
  user: string
}

export interface SshCommand {
  label: string
  command: string
  /** Where it works. */
  note: string
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virtctl/ssh/ssh.go#L189 */
export function sshCommands({ namespace, name, address, user }: SshTarget): SshCommand[] {
  const login = user.trim() === '' ? '' : `${quoted(user.trim())}@`
  return [
    {
      label: 'SSH command through the cluster',
      command: `virtctl ssh ${login}vmi/${name} -n ${namespace}`,
      note: 'Through the cluster, from wherever kubectl works.',
    },
    ...(address === undefined
      ? []
      : [
          {
            label: 'SSH command to the address',
            command: `ssh ${login}${address}`,
            note: 'Directly, where the guest’s network can be reached.',
          },
        ]),
  ]
}

/** For a POSIX shell, quoted only where it has to be. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
