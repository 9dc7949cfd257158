import type { Schema } from '../src/sandbox/kinds/resource-definition.ts'

export function schemasFromTypes(source: string): Record<string, Schema>
