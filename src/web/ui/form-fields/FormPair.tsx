import { Grid, GridItem } from '@patternfly/react-core'
import { Children, type ReactNode } from 'react'

/** Two short fields beside each other where there is room. */
export function FormPair({ children }: { children: ReactNode }) {
  return (
    <Grid hasGutter sm={12} md={6}>
      {Children.map(children, (child) => child && <GridItem>{child}</GridItem>)}
    </Grid>
  )
}
