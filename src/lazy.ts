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
