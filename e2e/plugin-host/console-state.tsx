/**
 * What the console keeps of its user: whom they impersonate, its language, messages, preferences and
 * the active project. Shapes and order of events are those of core.ts, i18n.js, ToastProvider.tsx,
 * useUserPreference.ts and namespace.ts:
 * https://github.com/openshift/console/tree/da1f132490d8817714e2814751ede2e6c3006594/frontend
 */
import { Alert, AlertActionCloseButton, AlertGroup } from '@patternfly/react-core'
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'
import { Provider } from 'react-redux'
import { createStore } from 'redux'

interface Impersonation {
  kind: string
  name: string
  subprotocols: string[]
}
interface State {
  sdkCore: { user: { username: string }; impersonate?: Impersonation }
}
type Action =
  | { type: 'beginImpersonate'; payload: Impersonation }
  | { type: 'endImpersonate' | '@@INIT' }

export const store = createStore<State, Action>(
  (state = { sdkCore: { user: { username: 'kube:admin' } } }, action) => {
    const { impersonate: _last, ...sdkCore } = state.sdkCore
    if (action.type === 'endImpersonate') return { sdkCore }
    if (action.type !== 'beginImpersonate') return state
    return { sdkCore: { ...sdkCore, impersonate: action.payload } }
  },
)

/** startImpersonate of actions/ui.ts, for a user. */
export function impersonate(name: string | undefined): void {
  if (name === undefined) return void store.dispatch({ type: 'endImpersonate' })
  const encoded = btoa(name).replaceAll('=', '_').replaceAll('/', '-')
  const subprotocols = [`Impersonate-User.${encoded}`]
  store.dispatch({ type: 'beginImpersonate', payload: { kind: 'User', name, subprotocols } })
}

/** As much of i18next as is needed to switch the language. */
const languageListeners = new Set<(language: string) => void>()
const i18n = {
  language: 'en',
  on(_event: 'languageChanged', listener: (language: string) => void) {
    languageListeners.add(listener)
  },
  changeLanguage(language: string) {
    i18n.language = language
    for (const listener of languageListeners) listener(language)
  },
}
export const getI18n = () => i18n
export const reactI18next = { getI18n }
export const changeLanguage = (language: string) => i18n.changeLanguage(language)

interface Toast {
  id: string
  title: string
  variant: 'danger' | 'warning' | 'info' | 'success'
  content: ReactNode
  timeout?: number
}
const ToastContext = createContext<{ addToast?: (toast: Toast) => string }>({})
const NamespaceContext = createContext<string | undefined>(undefined)

export const useToast = () => useContext(ToastContext)
export const useActiveNamespace = () => [useContext(NamespaceContext), () => undefined]

/** In the console a ConfigMap; it outlives a page, and the browser's storage does here. */
export function useUserPreference<T>(key: string, defaultValue: T) {
  const name = `console-user-settings.${key}`
  const [value, setValue] = useState<T>(() => {
    const stored = localStorage.getItem(name)
    return stored === null ? defaultValue : (JSON.parse(stored) as T)
  })
  const set = (next: (last: T) => T) =>
    setValue((last) => {
      const changed = next(last)
      localStorage.setItem(name, JSON.stringify(changed))
      return changed
    })
  return [value, set, true]
}

/** Around everything, as the console's Redux and toast providers are. */
export function ConsoleState({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const remove = (id: string) => setToasts((all) => all.filter((one) => one.id !== id))
  const context = useMemo(
    () => ({
      addToast(toast: Toast) {
        setToasts((all) => [toast, ...all.filter(({ id }) => id !== toast.id)])
        return toast.id
      },
    }),
    [],
  )
  return (
    <Provider store={store}>
      <ToastContext.Provider value={context}>
        {children}
        <AlertGroup isToast isLiveRegion aria-label="Console notifications">
          {toasts.map(({ id, title, variant, content, timeout }) => (
            <Alert
              key={id}
              title={title}
              variant={variant}
              {...(timeout !== undefined && { timeout, onTimeout: () => remove(id) })}
              actionClose={<AlertActionCloseButton onClose={() => remove(id)} />}
            >
              {content}
            </Alert>
          ))}
        </AlertGroup>
      </ToastContext.Provider>
    </Provider>
  )
}

export const ActiveNamespace = NamespaceContext.Provider
