import { z } from 'zod'

const words = { error: 'a whole number from 1' }
const positive = z.int(words).positive(words)

/**
 * How much one client, or all, may ask of the gateway. The defaults are for 500 people behind one
 * address with ten consoles and twelve watches each, in an installation of 20,000 VMs, and leave
 * twice that: who is held up by them is no person with a browser.
 */
export const limitsSchema = z.strictObject({
  /** How long the headers of a request may take to come, in milliseconds. */
  headersMs: positive.default(20_000),
  /** All headers of a request. A session is up to 16 KiB of cookies. */
  headerBytes: positive.default(32 * 1024),
  /** How long a client may pause within a body, in milliseconds. How long all of it takes is its own matter. */
  idleBodyMs: positive.default(60_000),
  /** Body of a request to the cluster API. kube-apiserver takes no more either (3 MiB). */
  bodyBytes: positive.default(3 * 1024 * 1024),
  /** Requests of one address that are being answered, watches over HTTP among them. */
  requestsPerAddress: positive.default(10_000),
  /** Consoles, watches and other upgraded connections of one person. */
  upgradesPerPerson: positive.default(500),
  /** The same of all. */
  upgrades: positive.default(25_000),
})

export type Limits = z.infer<typeof limitsSchema>
export const defaultLimits: Limits = limitsSchema.parse({})
