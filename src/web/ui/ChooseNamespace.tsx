import { Button, InputGroup, InputGroupItem, TextInput } from '@patternfly/react-core'
import { useId, useState, type FormEvent } from 'react'
import { useNavigate } from 'react-router'

import { namespaceKind, type Namespace } from '../../kube/kinds.ts'
import { useLiveList } from '../data/live-list.ts'

function projectName(namespace: Namespace): string {
  return namespace.metadata.name
}

/** For who may not list a kind in all namespaces: the way to one of them. */
export function ChooseNamespace({ pathIn }: { pathIn: (namespace: string) => string }) {
  const navigate = useNavigate()
  const id = useId()
  const [name, setName] = useState('')
  // Only to suggest; whoever may not list namespaces knows the name of theirs.
  const { items: names } = useLiveList(namespaceKind, { project: projectName })

  function open(event: FormEvent): void {
    event.preventDefault()
    if (name.trim() !== '') void navigate(pathIn(name.trim()))
  }

  return (
    <form onSubmit={open} className="kc-choose-namespace">
      <label htmlFor={`${id}-name`}>You may be allowed to list them in a namespace:</label>
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id={`${id}-name`}
            value={name}
            placeholder="Namespace"
            list={`${id}-names`}
            autoComplete="off"
            onChange={(_event, value) => setName(value)}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Button type="submit" variant="primary">
            Open
          </Button>
        </InputGroupItem>
      </InputGroup>
      <datalist id={`${id}-names`}>
        {names.toSorted().map((one) => (
          <option key={one}>{one}</option>
        ))}
      </datalist>
    </form>
  )
}
