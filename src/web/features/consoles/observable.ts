/** A value outside React that components follow through useSyncExternalStore. */
export interface Observable<Value> {
  get: () => Value
  subscribe: (listener: () => void) => () => void
}

export interface ObservableState<Value> extends Observable<Value> {
  /** Changes what is named and tells the followers, if that is a change. */
  change(part: Partial<Value>): void
}

export function createObservable<Value extends object>(initial: Value): ObservableState<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    change(part) {
      const next = { ...value, ...part }
      const isSame = (Object.keys(part) as (keyof Value)[]).every((key) => value[key] === next[key])
      if (isSame) return
      value = next
      for (const listener of listeners) listener()
    },
  }
}
