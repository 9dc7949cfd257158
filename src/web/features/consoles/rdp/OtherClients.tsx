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
import { lazy, Suspense, useId, useState } from 'react'

import {
  nodeKind,
  podKind,
  serviceKind,
  type VirtualMachineInstance,
} from '../../../../kube/kinds.ts'
import { useAccess } from '../../../data/access.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useLiveList } from '../../../data/live-list.ts'
import { downloadFile } from '../../../ui/download-file.ts'
import {
  guestAddresses,
  isOutside,
  serviceAddresses,
  serviceSelector,
  type RdpAddress,
} from './rdp-addresses.ts'
import { rdpPort } from './rdp-availability.ts'
import { hostPort, rdpFileBytes } from './rdp-file.ts'
import { useLoggedInUser } from './use-logged-in-user.ts'

/** With all that forms take, which no console needs. */
const RdpServiceDialog = lazy(async () => ({
  default: (await import('./RdpServiceDialog.tsx')).RdpServiceDialog,
}))

interface OtherClientsProps {
  vmi: VirtualMachineInstance
  namespace: string
  name: string
  warning: string | undefined
  /** Why the desktop can't be shown in the page itself. */
  note?: string | undefined
}

/** Not 3389: on Windows that port of 127.0.0.1 is the user's own computer. */
const localPort = 33_389

const tunnel: RdpAddress = {
  host: '127.0.0.1',
  port: localPort,
  label: 'Through the cluster',
  why: 'A tunnel on this computer, open as long as the command runs. Works wherever virtctl does.',
}

/** The ways to reach a guest by RDP from a client of the user's own. */
export function OtherClients({ vmi, namespace, name, warning, note }: OtherClientsProps) {
  const id = useId()
  const [chosen, setChosen] = useState<string>()
  const [isCreating, setIsCreating] = useState(false)
  const loggedIn = useLoggedInUser(namespace, name)
  const [typed, setTyped] = useState<string>()
  const user = (typed ?? loggedIn ?? '').trim()

  const pods = useLiveList(podKind, {
    namespace,
    labelSelector: `kubevirt.io/created-by=${vmi.metadata.uid}`,
  })
  const services = useLiveList(serviceKind, { namespace })
  const nodes = useListOnce(nodeKind)
  const pod = pods.items.find(({ status }) => status?.phase === 'Running')
  const mayCreate = useAccess({ verb: 'create', group: '', resource: 'services', namespace })

  const found = serviceAddresses({ vmi, pod, services: services.items, nodes: nodes.items })
  const ways = [
    ...found.filter(isOutside),
    tunnel,
    ...found.filter((address) => !isOutside(address)),
    ...guestAddresses(vmi),
  ]
  const keyOf = ({ host, port }: RdpAddress) => hostPort(host, port)
  const way = ways.find((each) => keyOf(each) === chosen) ?? ways[0] ?? tunnel

  function download() {
    const address = way.port === rdpPort ? hostOnly(way.host) : keyOf(way)
    const bytes = rdpFileBytes({ address, ...(user !== '' && { username: user }) })
    downloadFile(new Blob([bytes], { type: 'application/x-rdp' }), `${name}.rdp`)
  }

  return (
    <section aria-label="Other clients" className="kc-rdp-others">
      <div className="kc-rdp-card">
        <Title headingLevel="h2" size="lg">
          Connect with a Remote Desktop client
        </Title>
        {note !== undefined && <Content component="p">{note}</Content>}
        {warning !== undefined && (
          <Alert isInline variant="warning" component="h3" title={warning} />
        )}
        <FormGroup role="radiogroup" fieldId={`${id}-way`} label="Way to the guest">
          {ways.map((each) => (
            <Radio
              key={keyOf(each)}
              id={`${id}-${keyOf(each)}`}
              name={`${id}-way`}
              label={each === tunnel ? each.label : `${each.label}: ${keyOf(each)}`}
              description={each.why}
              isChecked={each === way}
              onChange={() => setChosen(keyOf(each))}
            />
          ))}
        </FormGroup>
        {services.error && (
          <Content component="small">
            Services of the namespace can&apos;t be read, so their addresses are missing here:{' '}
            {services.error.message}
          </Content>
        )}
        <div>
          <Button
            variant="secondary"
            isAriaDisabled={mayCreate.allowed !== true}
            {...(mayCreate.reason !== undefined && { 'data-hint': mayCreate.reason })}
            onClick={() => setIsCreating(true)}
          >
            Create a Service
          </Button>
        </div>
        {way === tunnel && (
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
            value={typed ?? loggedIn ?? ''}
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
      {isCreating && (
        <Suspense>
          <RdpServiceDialog
            namespace={namespace}
            name={name}
            selector={serviceSelector({ vmi, pod })}
            taken={services.items.map(({ metadata }) => metadata.name)}
            onClose={() => setIsCreating(false)}
          />
        </Suspense>
      )}
    </section>
  )
}

/** RDP's own port goes without saying. */
function hostOnly(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
