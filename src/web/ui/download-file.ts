/** Hands a file made in the page to the browser's downloads. */
export function downloadFile(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has taken the file over once the click is handled.
  setTimeout(() => URL.revokeObjectURL(url))
}
