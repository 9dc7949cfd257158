const own: Record<string, { words: string; help: string }> = {
  masquerade: {
    words: 'Masquerade',
    help: 'The guest has a private address behind the pod’s; it can be live-migrated.',
  },
  bridge: { words: 'Bridge', help: 'The guest is on the network itself.' },
  sriov: { words: 'SR-IOV', help: 'The guest has a virtual function of the network card.' },
  passtBinding: {
    words: 'Passt',
    help: 'The guest shares the pod’s address through a user-space proxy.',
  },
}

/** A binding's name; a plugin has the one that the KubeVirt resource gives it. */
export function bindingWords(binding: string): string {
  return own[binding]?.words ?? binding
}

/** What the binding means to the guest, in a line. */
export function bindingHelp(binding: string): string | undefined {
  if (binding === '') return undefined
  return own[binding]?.help ?? 'A plugin declared in the cluster’s KubeVirt resource.'
}
