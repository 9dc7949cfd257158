import {
  Alert,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Gallery,
  Label,
} from '@patternfly/react-core'

import { dataSourceKind } from '../../../../kube/kinds.ts'
import { useLiveList } from '../../../data/live-list.ts'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { imageOf, type Image } from '../images.ts'

interface ImageChoiceProps {
  namespace: string
  chosen: { namespace: string; name: string } | undefined
  onChoose: (image: Image) => void
}

/** Images of all namespaces, or of this one where one may not look elsewhere. */
export function ImageChoice({ namespace, chosen, onChoose }: ImageChoiceProps) {
  // Live: an image that is being imported can be chosen as soon as it is there.
  const everywhere = useLiveList(dataSourceKind)
  const isDenied = everywhere.error?.isForbidden === true
  const here = useLiveList(dataSourceKind, { namespace, enabled: isDenied && namespace !== '' })
  const { items, status, error } = isDenied && namespace !== '' ? here : everywhere
  if (status === 'loading' && items.length === 0)
    return <LoadingLines label="Loading operating systems" count={3} />
  if (error && items.length === 0)
    return (
      <Alert isInline component="p" variant="warning" title="Operating systems can’t be listed">
        {error.isNotFound
          ? 'This cluster has no DataSources: the Containerized Data Importer (CDI) isn’t installed. Start from a container disk or a claim.'
          : error.message}
      </Alert>
    )
  if (items.length === 0)
    return (
      <Alert isInline component="p" variant="info" title="No operating system is offered here">
        There is no DataSource in {isDenied ? `namespace ${namespace}` : 'any namespace'}. Start
        from something else above.
      </Alert>
    )
  const images = items
    .map(imageOf)
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.namespace.localeCompare(b.namespace))
  return (
    <Gallery
      hasGutter
      minWidths={{ default: '12rem' }}
      role="radiogroup"
      aria-label="Operating system"
    >
      {images.map((image) => (
        <ImageCard
          key={`${image.namespace}/${image.name}`}
          image={image}
          isChosen={chosen?.namespace === image.namespace && chosen.name === image.name}
          onChoose={() => onChoose(image)}
        />
      ))}
    </Gallery>
  )
}

function afterSlash(matcher: string): string {
  return matcher.split('/').at(-1) ?? ''
}

function ImageCard({
  image,
  isChosen,
  onChoose,
}: {
  image: Image
  isChosen: boolean
  onChoose: () => void
}) {
  const { namespace, name, instancetype, preference, problem, isImporting } = image
  const id = `image-${namespace}-${name}`
  return (
    <Card
      id={id}
      isSelectable
      isSelected={isChosen}
      isDisabled={problem !== undefined && !isChosen}
      isCompact
    >
      <CardHeader
        selectableActions={{
          selectableActionId: `${id}-radio`,
          selectableActionAriaLabelledby: `${id}-title`,
          name: 'operating-system',
          variant: 'single',
          isChecked: isChosen,
          onChange: onChoose,
        }}
      >
        <CardTitle id={`${id}-title`}>{name}</CardTitle>
      </CardHeader>
      <CardBody>
        <div className="kc-image-facts">
          <span>in {namespace}</span>
          {instancetype !== '' && <span>Size {afterSlash(instancetype)}</span>}
          {preference !== '' && <span>Preference {afterSlash(preference)}</span>}
          {problem !== undefined && (
            <>
              <span>
                <Label isCompact status={isImporting ? 'info' : 'warning'}>
                  {isImporting ? 'Importing' : 'Not ready'}
                </Label>
              </span>
              {/* Beside the label, which would cut it short. */}
              <span>{problem}</span>
            </>
          )}
        </div>
      </CardBody>
    </Card>
  )
}
