import * as pluginSdk from '@openshift/dynamic-plugin-sdk'
import * as ReactTopology from '@patternfly/react-topology'
import * as React from 'react'
import * as ReactRedux from 'react-redux'
import * as ReactRouter from 'react-router'
import { parts, versions } from 'virtual:host-modules'

import * as consoleSdk from './console-sdk.tsx'
import { reactI18next } from './console-state.tsx'
import * as sdkHooks from './sdk-hooks.tsx'

/** One version of each, loaded already, as webpack's and rspack's share scopes have it. */
function share(version: string, module: unknown) {
  return {
    [version]: { get: () => () => module, from: 'openshift-console', eager: true, loaded: 1 },
  }
}

/**
 * What the console shares with plugins, by the names and versions of its shared-modules-meta.ts. No
 * react-dom, no JSX runtime and no PatternFly as a whole: it shares none of these.
 */
export const sharedScope = {
  react: share(React.version, React),
  'react-i18next': share('16.5.8', reactI18next),
  'react-redux': share('9.2.0', ReactRedux),
  'react-router': share('7.18.5', ReactRouter),
  '@patternfly/react-topology': share('6.6.0', ReactTopology),
  '@openshift/dynamic-plugin-sdk': share(versions.pluginSdk, pluginSdk),
  '@openshift-console/dynamic-plugin-sdk': share('0.0.0-fixed', { ...consoleSdk, ...sdkHooks }),
  ...Object.fromEntries(
    Object.entries(parts).map(([name, module]) => [name, share(versions.patternFly, module)]),
  ),
}
