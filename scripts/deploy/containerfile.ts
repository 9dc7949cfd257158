/** What a Containerfile says, as far as it has to be judged. */

export interface Instruction {
  /** In capitals, e.g. `COPY`. */
  name: string
  /** All after it, continued lines joined. */
  text: string
}

/** @returns the instructions of each stage, a stage beginning with its `FROM` */
export function readStages(containerfile: string): Instruction[][] {
  const stages: Instruction[][] = []
  const lines = containerfile
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
  for (const line of lines.split('\n')) {
    const [, name = '', text = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? []
    if (name.toUpperCase() === 'FROM') stages.push([])
    stages.at(-1)?.push({ name: name.toUpperCase(), text: text.trim() })
  }
  return stages
}

/** `FROM [--platform=…] IMAGE [AS NAME]` */
export function readFrom(stage: readonly Instruction[]) {
  const words = (stage[0]?.text ?? '').split(/\s+/).filter((word) => !word.startsWith('--'))
  return { image: words[0] ?? '', name: words[2] }
}

/** `COPY [--from=STAGE] SOURCE … TARGET` */
export function readCopy({ text }: Instruction) {
  const words = text.split(/\s+/)
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
  const paths = words.filter((word) => !word.startsWith('--'))
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
}
