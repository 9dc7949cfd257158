import { expect, test } from 'vitest'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { credentialSources } from './credential-sources.ts'

test('credentials stand in the spec, encoded, or in Secrets', () => {
  const spec = {
    volumes: [
      { name: 'root', containerDisk: { image: 'debian' } },
      { name: 'plain', cloudInitNoCloud: { userData: '#cloud-config\n' } },
      { name: 'encoded', cloudInitConfigDrive: { userDataBase64: 'w7xzZXI=' } },
      { name: 'secret', cloudInitNoCloud: { secretRef: { name: 'web-1-init' } } },
      { name: 'network', cloudInitNoCloud: { networkData: 'version: 2' } },
    ],
    accessCredentials: [
      { userPassword: { source: { secret: { secretName: 'web-1-passwords' } } } },
      { sshPublicKey: { source: { secret: { secretName: 'keys' } } } },
    ],
  } as unknown as VirtualMachineInstance['spec']
  expect(credentialSources(spec)).toEqual([
    { title: 'Cloud-init (plain)', userData: '#cloud-config\n' },
    { title: 'Cloud-init (encoded)', userData: 'üser' },
    { title: 'Cloud-init (secret)', userDataSecret: 'web-1-init' },
    { title: 'Passwords set by the guest agent', passwordSecret: 'web-1-passwords' },
  ])
  expect(credentialSources(undefined)).toEqual([])
})
