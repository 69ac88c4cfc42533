import { GemdexError } from '../errors.js'

/** Lets one after the other through a gate that has a name. */
export type Serialiser = {
  /** Waits for its turn; gives what opens the gate for the next one, to be called once. Rejects when the signal aborts. */
  enter(name: string, signal?: AbortSignal): Promise<() => void>
}

export function createSerialiser(): Serialiser {
  const last = new Map<string, Promise<void>>()
  return {
    async enter(name, signal) {
      const before = last.get(name) ?? Promise.resolve()
      let open = () => {}
      const gate = new Promise<void>((resolve) => {
        open = resolve
      })
      const mine = before.then(() => gate)
      last.set(name, mine)
      void mine.then(() => {
        if (last.get(name) === mine) last.delete(name)
      })
      try {
        await unlessAborted(before, signal)
      } catch (error) {
        open()
        throw error
      }
      return open
    },
  }
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new GemdexError('CANCELLED', 'The operation was cancelled'))
    if (signal.aborted) return aborted()
    signal.addEventListener('abort', aborted, { once: true })
    void promise.then(() => {
      signal.removeEventListener('abort', aborted)
      resolve()
    })
  })
}
