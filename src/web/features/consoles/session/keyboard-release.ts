/**
 * Ctrl+Alt pressed and let go without another key gives the keyboard back from a guest, which
 * otherwise gets every key, Tab included. Combinations such as Ctrl+Alt+F2 still reach the guest.
 */
export function createReleaseDetector(onRelease: () => void): (event: KeyboardEvent) => void {
  const held = new Set<string>()
  let hadBoth = false
  let isSpoilt = false

  return ({ type, key, code, repeat }) => {
    // AltGr reports Control and AltRight on Windows; it types characters.
    const modifier = key === 'Control' ? 'Control' : key === 'Alt' && code !== 'AltRight' && 'Alt'
    if (type === 'keydown') {
      if (repeat) return
      if (modifier === false) {
        isSpoilt = true
        return
      }
      if (held.size === 0) {
        hadBoth = false
        isSpoilt = false
      }
      held.add(modifier)
      hadBoth ||= held.size === 2
    } else if (type === 'keyup' && modifier !== false) {
      held.delete(modifier)
      // Only when both are up has the guest seen both releases.
      if (held.size > 0) return
      if (hadBoth && !isSpoilt) onRelease()
      hadBoth = false
    }
  }
}
