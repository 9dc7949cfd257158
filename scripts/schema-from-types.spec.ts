import { expect, it } from 'vitest'

import { schemasFromTypes } from './schema-from-types.mjs'

it('turns interfaces into object schemas', () => {
  const schemas = schemasFromTypes(`
    /**
     * A disk.
     * @export
     */
    interface Disk {
      /**
       * Its name.
       *
       * Must be unique.
       * @type {string}
       */
      name: string
      /** How many bytes. */
      size?: number
      readonly?: boolean
      created?: Date
      tags?: Array<string>
      labels?: { [key: string]: string }
      port?: IntOrString
      amount: string | number
      mode?: 'fast' | 'safe'
      kind?: DiskKindEnum
      parent?: Disk
      raw?: object
    }
    declare const DiskKindEnum: { readonly Block: "block"; readonly File: "file" }
    declare function makeDisk(): Disk
  `)
  expect(schemas).toEqual({
    Disk: {
      description: 'A disk.',
      type: 'object',
      required: ['amount', 'name'],
      properties: {
        name: { type: 'string', description: 'Its name.\n\nMust be unique.' },
        size: { type: 'integer', description: 'How many bytes.' },
        readonly: { type: 'boolean' },
        created: { type: 'string', format: 'date-time' },
        tags: { type: 'array', items: { type: 'string' } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        port: { 'x-kubernetes-int-or-string': true },
        amount: { 'x-kubernetes-int-or-string': true },
        mode: { type: 'string', enum: ['fast', 'safe'] },
        kind: { type: 'string', enum: ['block', 'file'] },
        parent: { $ref: 'Disk' },
        raw: { type: 'object' },
      },
    },
  })
})

it('takes the instance fields of classes, under quoted names too', () => {
  const { Claim } = schemasFromTypes(`
    export declare class Claim {
      /**
      * In UTC.  Populated by the system; see \\'docs\\'.
      */
      'creationTimestamp'?: Date;
      'spec'?: ClaimSpec;
      static readonly attributeTypeMap: Array<{ name: string }>;
      constructor();
    }
  `)
  expect(Claim).toEqual({
    type: 'object',
    properties: {
      creationTimestamp: {
        type: 'string',
        format: 'date-time',
        description: "In UTC.\n\nPopulated by the system; see 'docs'.",
      },
      spec: { $ref: 'ClaimSpec' },
    },
  })
})

it('says so when the declarations do not parse', () => {
  expect(() => schemasFromTypes('interface {')).toThrow(/do not parse/)
})
