import { useState } from 'preact/hooks'
import { describeError } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'

export type Upload = {
  readonly name: string
  readonly sizeBytes: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  readonly documentId?: string
  readonly message?: string
}

/** Files on their way into the index, one after the other, as the service takes few at once; `onDone` is told at their end. */
export function useUploads(collection: string, onDone: () => void) {
  const client = usePage().service.client.value
  const [uploads, setUploads] = useState<readonly Upload[]>([])

  const add = async (files: readonly File[]) => {
    const first = uploads.length
    const change = (i: number, change: Partial<Upload>) =>
      setUploads((all) => all.map((upload, at) => (at === first + i ? { ...upload, ...change } : upload)))
    setUploads([
      ...uploads,
      ...files.map(({ name, size }) => ({ name, sizeBytes: size, state: 'waiting' as const })),
    ])
    for (const [i, file] of files.entries()) {
      change(i, { state: 'sending' })
      const query = {
        uri: uriOf(file),
        ...(collection.trim() === '' ? {} : { collection: collection.trim() }),
      }
      try {
        const { documents, notices } = await client.documents.put(file, query)
        const message = notices.map((notice) => notice.message).join(' ')
        const documentId = documents[0]?.id
        change(i, { state: 'done', message, ...(documentId === undefined ? {} : { documentId }) })
      } catch (error) {
        const { message, hint = '' } = describeError(error)
        change(i, { state: 'failed', message: `${message}. ${hint}`.trim() })
      }
    }
    onDone()
  }

  return { uploads, add }
}

/** The service takes no backslashes and control characters in a name. */
function uriOf({ name }: File): string {
  return name.replace(/[\p{Cc}\\]/gu, '_').replace(/^\.+$/, '_')
}
