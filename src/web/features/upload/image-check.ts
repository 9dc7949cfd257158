import { useEffect, useState } from 'react'

import { inspectImage, type DiskImage } from '../../../kube/disk-image.ts'

/** What a file of the user's is. Reads a few bytes of it, however large it is. */
function checkImage(file: Blob): Promise<DiskImage> {
  const read = async (start: number, length: number) => {
    const from = Math.max(0, start)
    return new Uint8Array(await file.slice(from, from + length).arrayBuffer())
  }
  return inspectImage(file.size, read)
}

/** The image in `file` once it is known; a file that can't be read has a problem. */
export function useImageCheck(file: File | undefined): DiskImage | undefined {
  const [checked, setChecked] = useState<{ file: File; image: DiskImage }>()
  useEffect(() => {
    if (!file) return
    let isCurrent = true
    checkImage(file)
      .catch((): DiskImage => ({
        format: 'raw',
        problem: 'The file can’t be read. It may have been moved or changed; choose it again.',
      }))
      .then(
        (image) => isCurrent && setChecked({ file, image }),
        () => undefined,
      )
    return () => {
      isCurrent = false
    }
  }, [file])
  return checked && checked.file === file ? checked.image : undefined
}
