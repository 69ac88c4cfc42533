/**
 * Gives what `make` returns, which is called when it is first asked for: for what takes long to make, or to load, and is not
 * needed by everyone. What `make` throws is thrown on, and it is called again the next time.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** The same of what is made, or loaded, asynchronously: once for all who ask while it is made. A rejection is passed on and not kept. */
export function lazyAsync<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
