/**
 * A picture's content as its address. Unlike an object URL it needs no revoking, and the OpenShift
 * Console's policy allows it.
 */
export function readDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(reader.error as DOMException)
    reader.readAsDataURL(blob)
  })
}
