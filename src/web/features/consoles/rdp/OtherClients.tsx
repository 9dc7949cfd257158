import {
  Alert,
  Button,
  ClipboardCopy,
  Content,
  FormGroup,
  Radio,
  TextInput,
  Title,
} from '@patternfly/react-core'
import { DownloadIcon } from '@patternfly/react-icons'
import { useId, useState } from 'react'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { downloadFile } from '../../../ui/download-file.ts'
import { rdpPort } from './rdp-availability.ts'
import { hostPort, rdpFileBytes } from './rdp-file.ts'
import { useLoggedInUser } from './use-logged-in-user.ts'

interface OtherClientsProps {
  vmi: VirtualMachineInstance
  namespace: string
  name: string
  warning: string | undefined
}

/** Not 3389: on Windows that port of 127.0.0.1 is the user's own computer. */
const localPort = 33_389

/** The ways to reach a guest by RDP from a client of the user's own. */
export function OtherClients({ vmi, namespace, name, warning }: OtherClientsProps) {
  const id = useId()
  const [ip, setIp] = useState<string>()
  const loggedIn = useLoggedInUser(namespace, name)
  const [typed, setTyped] = useState<string>()
  const username = typed ?? loggedIn ?? ''
  const addresses = guestAddresses(vmi)
  const user = username.trim()

  function download() {
    const bytes = rdpFileBytes({
      address: ip === undefined ? `127.0.0.1:${localPort}` : hostPort(ip, rdpPort),
      ...(user !== '' && { username: user }),
    })
    downloadFile(new Blob([bytes], { type: 'application/x-rdp' }), `${name}.rdp`)
  }

  return (
    <section aria-label="Other clients" className="kc-rdp-others">
      <div className="kc-rdp-card">
        <Title headingLevel="h2" size="lg">
          Connect with a Remote Desktop client
        </Title>
        {warning !== undefined && (
          <Alert isInline variant="warning" component="h3" title={warning} />
        )}
        <FormGroup role="radiogroup" fieldId={`${id}-way`} label="Way to the guest">
          <Radio
            id={`${id}-tunnel`}
            name={`${id}-way`}
            label="Through the cluster"
            description="A tunnel on this computer, open as long as the command runs."
            isChecked={ip === undefined}
            onChange={() => setIp(undefined)}
          />
          {addresses.map(({ address, network }) => (
            <Radio
              key={address}
              id={`${id}-${address}`}
              name={`${id}-way`}
              label={`Directly to ${address}`}
              description={`Where this computer reaches the network ${network}.`}
              isChecked={ip === address}
              onChange={() => setIp(address)}
            />
          ))}
        </FormGroup>
        {ip === undefined && (
          <FormGroup label="Run this first, and leave it running">
            <ClipboardCopy
              isReadOnly
              isCode
              hoverTip="Copy the command"
              clickTip="Copied"
              textAriaLabel="Port-forward command"
              copyAriaLabel="Copy the port-forward command"
            >
              {`virtctl port-forward vmi/${name}/${namespace} ${localPort}:${rdpPort}`}
            </ClipboardCopy>
          </FormGroup>
        )}
        <FormGroup label="User name" fieldId={`${id}-user`}>
          <TextInput
            id={`${id}-user`}
            value={username}
            placeholder="Asked by the client"
            autoComplete="off"
            onChange={(_event, value) => setTyped(value)}
          />
        </FormGroup>
        <div>
          <Button icon={<DownloadIcon />} onClick={download}>
            Download .rdp file
          </Button>
        </div>
        <Content component="small">
          Opens in Remote Desktop Connection (Windows), Windows App (macOS), Remmina or FreeRDP. The
          client asks for the password; the guest&apos;s certificate is its own, so the client warns
          of it.
        </Content>
      </div>
    </section>
  )
}

/** The guest's addresses, IPv4 before IPv6 as the cluster lists them, without link-local ones. */
function guestAddresses(vmi: VirtualMachineInstance): { address: string; network: string }[] {
  return (vmi.status?.interfaces ?? []).flatMap((nic) =>
    (nic.ipAddresses ?? (nic.ipAddress ? [nic.ipAddress] : []))
      .filter((address) => !/^(fe80:|169\.254\.)/i.test(address))
      .map((address) => ({ address, network: nic.name ?? nic.interfaceName ?? 'of the guest' })),
  )
}
