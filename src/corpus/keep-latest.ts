/** Values of the keys that were used last. */
export type Latest<Value> = { of(key: string): Value }

/** Keeps so many values, and makes those that it does not have. */
export function keepLatest<Value>(kept: number, make: () => Value): Latest<Value> {
  const values = new Map<string, Value>()
  return {
    of(key) {
      const value = values.get(key) ?? make()
      values.delete(key)
      values.set(key, value)
      for (const oldest of values.keys()) {
        if (values.size <= kept) break
        values.delete(oldest)
      }
      return value
    },
  }
}
