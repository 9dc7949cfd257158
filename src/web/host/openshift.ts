/** The OpenShift Console as host: its session, its masthead, navigation and namespace bar. */
import { consoleFetch } from '@openshift-console/dynamic-plugin-sdk'
import { getI18n } from 'react-i18next'

import { setLanguage } from '../ui/language.ts'
import type { Host } from './contract.ts'
import { consoleGateway } from './openshift-gateway.ts'
import { openshiftParts } from './openshift-parts.tsx'
import { consoleBase, consoleTransport } from './openshift-transport.ts'
import type { ActingUser } from './openshift-user.ts'

/** The console as one user has it. */
export function openshiftHost(user: ActingUser): Host {
  return {
    session: { mode: 'openshift', cluster: '', user: user.name, users: [], clusters: [] },
    transport: consoleTransport(consoleFetch, user.protocols),
    ...consoleGateway(consoleFetch, consoleBase(), user),
    providesFrame: true,
    parts: openshiftParts,
  }
}

/** Writes numbers and dates in the console's language, also when it changes. */
export function followConsoleLanguage() {
  const i18n = getI18n()
  setLanguage(i18n?.language)
  i18n?.on('languageChanged', setLanguage)
}
