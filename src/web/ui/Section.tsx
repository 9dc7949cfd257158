/** The building blocks of an overview: cards of facts. */
import {
  Card,
  CardBody,
  CardTitle,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Icon,
} from '@patternfly/react-core'
import { ExclamationTriangleIcon } from '@patternfly/react-icons'
import type { ReactNode } from 'react'

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>{children}</CardBody>
    </Card>
  )
}

/** One entry of a DescriptionList. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  )
}

/** A condition in plain words. */
export interface ConditionRow {
  type: string
  status: string
  words: string
  /** The cluster's own words about it. */
  detail?: string
  isWarning: boolean
}

export function ConditionList({ rows }: { rows: readonly ConditionRow[] }) {
  if (rows.length === 0) return <p>None reported yet.</p>
  return (
    <ul className="kc-plain-list" aria-label="Conditions">
      {rows.map((row) => (
        <li key={row.type}>
          {row.isWarning && <WarningMark />}{' '}
          <span title={`${row.type}: ${row.status}`}>{row.words}</span>
          {row.detail !== undefined && <span className="kc-muted"> – {row.detail}</span>}
        </li>
      ))}
    </ul>
  )
}

export function WarningMark() {
  return (
    <Icon isInline status="warning">
      <ExclamationTriangleIcon title="Warning" />
    </Icon>
  )
}
