/**
 * Applies `read` to items while earlier results are used: up to `ahead` calls are under way, and results come in the order
 * of the items whatever their timing. When the consumer stops, no further call is made and those under way are awaited.
 */
export async function* readAhead<T, R>(
  items: readonly T[],
  ahead: number,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = []
  let next = 0
  const start = () => {
    const item = items[next]
    if (next >= items.length || item === undefined) return
    next++
    const reading = read(item)
    // A fault is thrown where the result is awaited; until then it must not count as unhandled.
    reading.catch(() => {})
    underWay.push(reading)
  }
  try {
    while (underWay.length < ahead && next < items.length) start()
    while (underWay.length > 0) {
      const result = await underWay.shift()
      start()
      yield result as R
    }
  } finally {
    await Promise.allSettled(underWay)
  }
}
