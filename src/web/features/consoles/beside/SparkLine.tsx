import { useId } from 'react'

import { sparkPath } from './spark-path.ts'

const [width, height] = [300, 48]
/** The shortest that holds all there is, in minutes. */
const spans = [2, 5, 10]

interface SparkLineProps {
  title: string
  points: readonly { timeMs: number; value: number }[]
  /** The value at the top. */
  max: number
  /** A value in words. */
  words: (value: number) => string
  /** What the top is, in words. */
  scale: string
}

/** A small line of the last minutes under its current figure; all it shows is said in text too. */
export function SparkLine({ title, points, max, words, scale }: SparkLineProps) {
  const id = useId()
  const last = points.at(-1)
  const values = points.map(({ value }) => value)
  const minutes =
    spans.find((span) =>
      points.every((one) => one.timeMs >= (last?.timeMs ?? 0) - span * 60_000),
    ) ?? 10
  return (
    <figure className="kc-spark" aria-labelledby={id}>
      <figcaption id={id}>
        <strong>{title}</strong> <output>{last ? words(last.value) : '–'}</output>
      </figcaption>
      {last && (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${words(last.value)} now, from ${words(Math.min(...values))} to ${words(Math.max(...values))} in the last ${minutes} minutes`}
        >
          <path
            d={sparkPath(points, {
              width,
              height,
              toMs: last.timeMs,
              spanMs: minutes * 60_000,
              max,
            })}
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      )}
      <div className="kc-spark-scale kc-muted" aria-hidden>
        <span>{minutes} min ago</span>
        <span>{scale}</span>
        <span>now</span>
      </div>
    </figure>
  )
}
