/** A set of callbacks told one after the other; a listener may unsubscribe while it is called. */
export interface Listeners<T> {
  add: (listener: (value: T) => void) => () => void
  emit: (value: T) => void
}

export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>()
  return {
    add(listener) {
      // A wrapper of its own, so that the same function can subscribe twice.
      const own = (value: T) => listener(value)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    emit(value) {
      for (const listener of listeners) listener(value)
    },
  }
}
