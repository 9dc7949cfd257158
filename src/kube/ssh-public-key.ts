/** OpenSSH's public keys, as lines of `authorized_keys` (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
const line =
  /^(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) +AAAA[\w+/]+={0,3}(?: .*)?$/

/** Whether any line of the text is a public key. */
export function hasPublicKey(text: string): boolean {
  return text.split('\n').some((one) => line.test(one.trim()))
}

/** What keeps the text from being public keys, one a line; undefined where nothing does. */
export function publicKeyProblem(text: string): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return 'This is a private key, which nobody else should have. Paste the public one, from the file that ends in .pub.'
  const lines = text.split('\n').map((one) => one.trim())
  const filled = lines.filter((one) => one !== '' && !one.startsWith('#'))
  if (filled.length === 0) return 'Paste the public key, from the file that ends in .pub.'
  return filled.every((one) => line.test(one))
    ? undefined
    : 'A public key is one line, as in ssh-ed25519 AAAA… me@laptop.'
}
