/** Labels and lists as they are typed. */

/** A `key=value` line for each. */
export function labelLines(labels: Record<string, string> = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')
}

export function readLabelLines(text: string): Record<string, string> {
  const pairs = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line): [string, string] => {
      const [key = '', ...value] = line.split('=')
      return [key.trim(), value.join('=').trim()]
    })
  return Object.fromEntries(pairs)
}

/** What stands between commas. */
export function readList(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
