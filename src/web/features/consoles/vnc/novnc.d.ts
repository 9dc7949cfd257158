/** The part of noVNC's API that the console uses (docs/API.md of @novnc/novnc). */
declare module '@novnc/novnc' {
  interface RfbEvents {
    connect: CustomEvent
    disconnect: CustomEvent<{ clean: boolean }>
    credentialsrequired: CustomEvent<{ types: string[] }>
    securityfailure: CustomEvent<{ status: number; reason?: string }>
    desktopname: CustomEvent<{ name: string }>
  }

  // eslint-disable-next-line import/no-default-export -- the package's own
  export default class RFB {
    constructor(target: HTMLElement, channel: WebSocket, options?: { shared?: boolean })
    scaleViewport: boolean
    resizeSession: boolean
    focusOnClick: boolean
    /** Sends neither keys nor the mouse, also not by `sendKey`. */
    viewOnly: boolean
    /** 0 to 9, as is `compressionLevel`; a change of either sends the encodings again. */
    qualityLevel: number
    compressionLevel: number
    background: string
    addEventListener<Name extends keyof RfbEvents>(
      name: Name,
      listener: (event: RfbEvents[Name]) => void,
    ): void
    /** By the guest's lamp; null while unknown. Not in the documented API. */
    readonly _remoteCapsLock?: boolean | null
    disconnect(): void
    focus(options?: FocusOptions): void
    blur(): void
    /** `keysym` 0 sends the scan code of `code` alone, where the server knows the extension. */
    sendKey(keysym: number, code: string, down?: boolean): void
    toBlob(callback: (blob: Blob | null) => void, type?: string): void
  }
}
