import { Button } from '@patternfly/react-core'

import { useDenial } from '../data/access.ts'
import { askForUpload } from './upload-request.ts'

/** Begins an upload into a new volume of the namespace, or says why that isn't possible. */
export function UploadButton({ namespace }: { namespace: string | undefined }) {
  const denial = useDenial(
    namespace === undefined
      ? undefined
      : {
          verb: 'create',
          group: 'upload.cdi.kubevirt.io',
          resource: 'uploadtokenrequests',
          namespace,
        },
  )
  const reason =
    namespace === undefined ? 'Choose a namespace first: a volume is created in one.' : denial
  return (
    <Button
      variant="secondary"
      isAriaDisabled={reason !== undefined}
      {...(reason !== undefined && { 'data-hint': reason })}
      onClick={() => {
        if (reason === undefined && namespace !== undefined) askForUpload({ namespace })
      }}
    >
      Upload disk image
    </Button>
  )
}
