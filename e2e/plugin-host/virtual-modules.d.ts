declare module 'virtual:patternfly-parts' {
  export const parts: Record<string, unknown>
}
