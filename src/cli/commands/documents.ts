import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SearchEngine } from '../../engine.js'
import { toGemdexError } from '../../errors.js'
import type { DocumentSummary } from '../../types.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { formatLocation } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { listAll } from '../list-all.js'
import { suggestingPaths } from '../nearest-paths.js'
import { count, formatBytes, formatTable, oneLine, printable } from '../style.js'

/** `list` */
export async function list(
  context: Context,
  flags: { collection?: string; json?: boolean },
): Promise<ExitCode> {
  return context.withIndex(async (engine) => {
    const documents = await listAll(engine, flags.collection)
    if (flags.json) context.json(documents)
    else {
      const rows = documents.map((document) => [
        document.id,
        oneLine(`${document.collection}/${document.uri}`),
        `${document.embedded}/${document.expected}`,
        oneLine(document.title),
      ])
      if (rows.length > 0)
        context.io.out.write(formatTable([['ID', 'COLLECTION/PATH', 'EMBEDDED', 'TITLE'], ...rows]))
      context.note(context.errStyle.dim(count(documents.length, 'document')))
    }
    return documents.length === 0 ? NOTHING : DONE
  })
}

/** As search results name a passage: a document's id, and its position there. */
const PASSAGE_ID = /^[0-9a-f]{16}-\d+$/

/** `get <id or path>` */
export async function get(context: Context, reference: string, flags: { json?: boolean }): Promise<ExitCode> {
  return context.withIndex(async (engine) => {
    if (PASSAGE_ID.test(reference)) return getPassage(context, engine, reference, flags)
    const document = await locate(context, reference, (each) => engine.getDocument(each)).catch(
      suggestingPaths(engine, reference),
    )
    if (flags.json) {
      context.json(document)
      return DONE
    }
    noteDocument(context, document)
    for (const [name, value] of Object.entries(document.metadata)) {
      context.note(`${oneLine(name)}: ${oneLine(typeof value === 'string' ? value : JSON.stringify(value))}`)
    }
    context.note('')
    context.io.out.write(`${printable(document.text).trimEnd()}\n`)
    return DONE
  })
}

function noteDocument(context: Context, document: DocumentSummary): void {
  const { title, collection, uri, type, sizeBytes, id } = document
  context.note(context.errStyle.bold(oneLine(title)))
  context.note(`${oneLine(collection)}/${oneLine(uri)} · ${type} · ${formatBytes(sizeBytes)} · id ${id}`)
}

/** The passage of a search result, marked, in the text around it. */
async function getPassage(
  context: Context,
  engine: SearchEngine,
  id: string,
  flags: { json?: boolean },
): Promise<ExitCode> {
  const found = await engine.getPassage(id)
  if (flags.json) {
    context.json(found)
    return DONE
  }
  const { document, passage, before, text, after } = found
  const { style } = context
  noteDocument(context, document)
  const place = [formatLocation(passage.location), ...passage.headings.map(oneLine)].join(' > ')
  context.note(`${place}\n`)
  context.io.out.write(
    `${style.dim(printable(before))}${style.mark(printable(text))}${style.dim(printable(after)).trimEnd()}\n`,
  )
  return DONE
}

/** Looks a document up as it was named, then as the path of a file that exists. */
export async function locate<T>(
  { io }: Pick<Context, 'io'>,
  reference: string,
  find: (reference: string) => Promise<T>,
): Promise<T> {
  try {
    return await find(reference)
  } catch (error) {
    const path = await realpath(resolve(io.cwd, reference)).catch(() => undefined)
    if (toGemdexError(error).code !== 'NOT_FOUND' || path === undefined) throw error
    return find(path).catch(() => Promise.reject(error))
  }
}
