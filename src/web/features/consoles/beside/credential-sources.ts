/** Where the credentials of a VM stand: in its own spec, or in Secrets that it names. */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'

export type CredentialSource = { title: string } & (
  | { userData: string }
  /** A Secret with cloud-init's user data. */
  | { userDataSecret: string }
  /** A Secret with a password by user. */
  | { passwordSecret: string }
)

/** The text behind base64, as UTF-8. */
export function decodeBase64(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
}

type Spec = VirtualMachineInstance['spec']

/** Cloud-init first, then what the guest agent is told to set. */
export function credentialSources(spec: Spec | undefined): CredentialSource[] {
  const cloudInit = (spec?.volumes ?? []).flatMap((volume): CredentialSource[] => {
    const data = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive
    if (!data) return []
    const title = `Cloud-init (${volume.name})`
    if (data.userData) return [{ title, userData: data.userData }]
    if (data.userDataBase64) return [{ title, userData: decodeBase64(data.userDataBase64) }]
    if (data.secretRef?.name) return [{ title, userDataSecret: data.secretRef.name }]
    return []
  })
  const byAgent = (spec?.accessCredentials ?? []).flatMap(
    ({ userPassword }): CredentialSource[] => {
      const secret = userPassword?.source.secret?.secretName
      return secret ? [{ title: 'Passwords set by the guest agent', passwordSecret: secret }] : []
    },
  )
  return [...cloudInit, ...byAgent]
}
