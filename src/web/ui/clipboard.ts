/** Whether the text is now in the clipboard: a browser may refuse, and offers none to pages over plain HTTP. */
export async function copyToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
