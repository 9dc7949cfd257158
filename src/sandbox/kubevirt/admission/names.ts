/**
 * The forms of names, with the texts of apimachinery.
 * https://github.com/kubernetes/apimachinery/blob/kubernetes-1.35.0/pkg/util/validation/validation.go
 */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = String.raw`${label}(\.${label})*`

/** Why a text is no DNS label, empty when it is one. */
export function dnsLabelProblems(text: string): string[] {
  return problems(
    text,
    63,
    label,
    `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
  )
}

/** Why a text is no DNS subdomain, empty when it is one. */
export function dnsSubdomainProblems(text: string): string[] {
  return problems(
    text,
    253,
    subdomain,
    `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`,
  )
}

function problems(text: string, limit: number, pattern: string, message: string): string[] {
  const found: string[] = []
  if (Buffer.byteLength(text) > limit) found.push(`must be no more than ${limit} characters`)
  if (!new RegExp(`^${pattern}$`).test(text)) found.push(message)
  return found
}
