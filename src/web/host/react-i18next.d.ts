/**
 * What we use of react-i18next 16, which the OpenShift Console shares. The package is not installed: its
 * types ask for an older TypeScript.
 */
declare module 'react-i18next' {
  interface I18n {
    /** The language the console is shown in, as in `ja`. */
    language: string | undefined
    on(event: 'languageChanged', listener: (language: string) => void): void
  }

  /** The console's instance; undefined before it is made. */
  export const getI18n: () => I18n | undefined
}
