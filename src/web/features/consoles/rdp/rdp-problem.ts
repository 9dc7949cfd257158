/** What can keep a remote desktop from opening, and what to do about each. */

export type RdpProblemKind =
  | 'portClosed'
  | 'unreachable'
  | 'silent'
  | 'hungUp'
  | 'notRdp'
  | 'wrongPassword'
  | 'signInRefused'
  | 'signInCut'
  | 'credSspNeeded'
  | 'oldEncryption'
  | 'negotiation'
  | 'tls'
  | 'signedOut'
  | 'noRight'
  | 'noGuest'
  | 'paused'
  | 'noNetwork'
  | 'tooMany'
  | 'gateway'
  | 'cluster'
  | 'client'
  | 'other'

export interface RdpProblem {
  kind: RdpProblemKind
  title: string
  /** The next step. */
  advice: string
}

/** What IronRDP and the gateway tell of a failure; codes as in RDCleanPath. */
export interface RdpFailure {
  /** IronRDP's own kind of error, `IronErrorKind`. */
  kind: number
  http?: number | undefined
  /** A Windows socket error. */
  wsa?: number | undefined
  /** A TLS alert. */
  tls?: number | undefined
  /** IronRDP's chain of errors. */
  text: string
}

/** https://github.com/Devolutions/IronRDP/blob/npm-iron-remote-desktop-rdp-v0.7.0/crates/iron-remote-desktop/src/error.rs */
const wrongPassword = 1
const logonFailure = 2
const accessDenied = 3
const cleanPath = 4
const proxyConnect = 5
const negotiationFailure = 6

const sentences: Record<RdpProblemKind, Omit<RdpProblem, 'kind'>> = {
  portClosed: {
    title: 'Nothing listens on port 3389',
    advice:
      'Turn Remote Desktop on in the guest: on Windows in Settings, System, Remote Desktop, or with “Set-ItemProperty "HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server" fDenyTSConnections 0”; on Linux install and start xrdp. A guest that has just started may need a moment.',
  },
  unreachable: {
    title: "The guest's network can't be reached",
    advice:
      "The cluster found no way to port 3389 in time. A firewall in the guest, a NetworkPolicy, or a first interface that is not on the pod network can be the cause; the guest's firewall must let Remote Desktop in.",
  },
  silent: {
    title: 'The guest does not answer',
    advice:
      'It accepts connections to port 3389 and then stays silent. It may be busy or hang: look at the VNC console, then try again.',
  },
  hungUp: {
    title: 'The guest hung up',
    advice:
      'It closed the connection before it was secured. Its Remote Desktop service may be starting, or may refuse this address: try again, or look at the VNC console.',
  },
  notRdp: {
    title: 'What answers on port 3389 is not Remote Desktop',
    advice: 'Check in the guest which program has the port.',
  },
  wrongPassword: {
    title: 'The user name or password is wrong',
    advice: 'Enter the password again. A local user of Windows may need its computer as domain.',
  },
  signInRefused: {
    title: 'This user may not sign in by Remote Desktop',
    advice:
      'Add the user to the group “Remote Desktop Users” in the guest, or sign in as another one. Accounts with an empty or an expired password are refused as well.',
  },
  signInCut: {
    title: 'The guest ended the sign-in',
    advice:
      'Most often the user name or password is wrong: enter it again. An account that is locked, expired, or must change its password ends the same way; use the VNC console for it.',
  },
  credSspNeeded: {
    title: 'The guest demands Network Level Authentication',
    advice: 'It refused what this client offers for it. Use a Remote Desktop client of your own.',
  },
  oldEncryption: {
    title: 'The guest offers only outdated encryption',
    advice:
      'Set its security layer for Remote Desktop to TLS or to Negotiate, or use a Remote Desktop client of your own.',
  },
  negotiation: {
    title: 'No common security with the guest',
    advice:
      'Set its security layer for Remote Desktop to Negotiate, or use a Remote Desktop client of your own.',
  },
  tls: {
    title: 'No secure connection to the guest',
    advice:
      "TLS with the guest failed. Guests without TLS 1.2 (before Windows Server 2012 R2, unless updated) can't be reached from here, nor can one whose Remote Desktop certificate is missing or broken. Use a Remote Desktop client of your own.",
  },
  signedOut: {
    title: 'You are no longer signed in to the console',
    advice: 'Load the page again and sign in.',
  },
  noRight: {
    title: 'You may not open a connection to this VM',
    advice:
      'The right to get virtualmachineinstances/portforward in this namespace is missing. Ask whoever manages access to it.',
  },
  noGuest: {
    title: 'The VM is gone',
    advice: 'It has been stopped or deleted meanwhile.',
  },
  paused: {
    title: 'The VM is paused or not running',
    advice: 'Unpause or start it, then connect again.',
  },
  noNetwork: {
    title: 'The VM takes no connections',
    advice: 'It is not running, or it has no network interface that the cluster can reach.',
  },
  tooMany: {
    title: 'Too many remote desktops are open',
    advice: 'Disconnect one of yours, then connect again.',
  },
  gateway: {
    title: "The console's gateway can't be reached",
    advice:
      'The page could not open its connection. Check your own network and, if there is a proxy in between, that it lets WebSockets through.',
  },
  cluster: {
    title: "The cluster can't be reached",
    advice: 'The gateway got no connection to the guest from it. Try again in a moment.',
  },
  client: {
    title: 'The remote desktop could not be loaded',
    advice:
      'The part of this page that shows it did not arrive, or this browser does not run WebAssembly. Load the page again.',
  },
  other: {
    title: 'The remote desktop could not be opened',
    advice: 'Try again, or use a Remote Desktop client of your own.',
  },
}

export function rdpProblem(kind: RdpProblemKind, detail?: string): RdpProblem {
  const { title, advice } = sentences[kind]
  return { kind, title, advice: detail === undefined ? advice : `${advice} (${detail})` }
}

/** Thrown where a desktop could not be opened. */
export class RdpConnectError extends Error {
  readonly problem: RdpProblem
  constructor(problem: RdpProblem) {
    super(problem.title)
    this.problem = problem
  }
}

/** The gateway's codes are described in `src/gateway/rdp/rdp-leg.ts`. */
export function explainFailure(failure: RdpFailure): RdpProblem {
  switch (failure.kind) {
    case wrongPassword:
    case logonFailure:
      return rdpProblem('wrongPassword')
    case accessDenied:
      return rdpProblem('signInRefused')
    case cleanPath:
      return explainCodes(failure)
    case proxyConnect:
      return rdpProblem('gateway')
    case negotiationFailure:
      return explainNegotiation(failure.text)
    default:
      return explainText(failure.text)
  }
}

const byHttp: Partial<Record<number, RdpProblemKind>> = {
  400: 'noNetwork',
  401: 'signedOut',
  403: 'noRight',
  404: 'noGuest',
  409: 'paused',
  429: 'tooMany',
  500: 'cluster',
  502: 'notRdp',
  503: 'cluster',
  504: 'silent',
}

const byWsa: Partial<Record<number, RdpProblemKind>> = {
  10051: 'unreachable',
  10054: 'hungUp',
  10060: 'unreachable',
  10061: 'portClosed',
  10065: 'unreachable',
}

function explainCodes({ http, wsa, tls, text }: RdpFailure): RdpProblem {
  if (tls !== undefined) return rdpProblem('tls', `alert ${tls}`)
  const kind = (wsa !== undefined && byWsa[wsa]) || (http !== undefined && byHttp[http])
  return kind ? rdpProblem(kind) : rdpProblem('other', text)
}

/** IronRDP says the failure code of MS-RDPBCGR 2.2.1.2.2 in words only. */
function explainNegotiation(text: string): RdpProblem {
  if (/credssp|hybrid|network level/i.test(text)) return rdpProblem('credSspNeeded')
  if (/standard rdp|ssl_not_allowed/i.test(text)) return rdpProblem('oldEncryption')
  if (/certificate/i.test(text)) return rdpProblem('tls')
  return rdpProblem('negotiation', text)
}

/** Servers other than Windows end a sign-in that failed without a word (FreeRDP's, for one). */
function explainText(text: string): RdpProblem {
  return /credssp|not enough bytes/i.test(text)
    ? rdpProblem('signInCut')
    : rdpProblem('other', text)
}
