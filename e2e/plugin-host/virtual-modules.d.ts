declare module 'virtual:host-modules' {
  /** All `dist/dynamic` modules of PatternFly by their names. */
  export const parts: Record<string, unknown>
  /** Of what the host is built with. */
  export const versions: { pluginSdk: string; patternFly: string }
}
