/** A cell of a notebook. `outputs` are what its code printed, as far as that is text. */
export type NotebookCell = {
  readonly kind: 'markdown' | 'code' | 'raw'
  readonly source: string
  readonly outputs: readonly string[]
}

export type Notebook = {
  readonly cells: readonly NotebookCell[]
  readonly title?: string
  readonly authors: readonly string[]
  readonly language?: string
}

/** Of one output: what comes first tells what it is, the rest is data. */
const MAX_OUTPUT_LINES = 20
const MAX_OUTPUT_CHARS = 2000

/** Control sequences of terminals, in which tracebacks are coloured (ECMA-48). */
const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]/g

/** What Python prints of objects that have no text: `<module.Name at 0x7f2a>`. */
const IDENTITY = /^\[?<[^<>]{1,200} at 0x[0-9a-f]+>,?(?:\s*…|\s*\.\.\.)?\]?$/

type Json = { readonly [key: string]: unknown }

/** The cells of a notebook in its JSON form; undefined when it is none. Pictures and other rich outputs are left out. */
export function readCells(source: string): Notebook | undefined {
  const root = parse(source)
  const metadata = objectOf(root?.metadata)
  // Version 3 has its cells in worksheets.
  const sheets = listOf(root?.worksheets).map(objectOf)
  const cells = [...listOf(root?.cells), ...sheets.flatMap((sheet) => listOf(sheet?.cells))]
  if (root === undefined || (cells.length === 0 && !('cells' in root) && !('worksheets' in root)))
    return undefined
  const language =
    textOf(objectOf(metadata?.language_info)?.name) ?? textOf(objectOf(metadata?.kernelspec)?.language)
  const title = textOf(metadata?.title)
  return {
    cells: cells.map((cell) => readCell(objectOf(cell) ?? {})),
    authors: listOf(metadata?.authors).flatMap(
      (author) => textOf(objectOf(author)?.name) ?? textOf(author) ?? [],
    ),
    ...(title === undefined ? {} : { title }),
    ...(language === undefined ? {} : { language }),
  }
}

function parse(source: string): Json | undefined {
  try {
    return objectOf(JSON.parse(source))
  } catch {
    return undefined
  }
}

function readCell(cell: Json): NotebookCell {
  const type = cell.cell_type
  const source = textOf(cell.source) ?? textOf(cell.input) ?? ''
  if (type === 'heading')
    return { kind: 'markdown', source: `${'#'.repeat(levelOf(cell.level))} ${source}`, outputs: [] }
  const kind = type === 'markdown' || type === 'code' ? type : 'raw'
  const outputs = listOf(cell.outputs).flatMap((output) => readOutput(objectOf(output) ?? {}) ?? [])
  return { kind, source, outputs: kind === 'code' ? outputs : [] }
}

function levelOf(level: unknown): number {
  return typeof level === 'number' && level >= 1 && level <= 6 ? Math.floor(level) : 1
}

/** Printed text, the plain form of a result, an error's name and message. */
function readOutput(output: Json): string | undefined {
  const data = objectOf(output.data)
  const text =
    output.output_type === 'error' || output.output_type === 'pyerr'
      ? `${textOf(output.ename) ?? ''}: ${textOf(output.evalue) ?? ''}`
      : (textOf(output.text) ?? textOf(data?.['text/markdown']) ?? textOf(data?.['text/plain']))
  const saysNothing = text === undefined || isPicture(data) || IDENTITY.test(text.trim())
  return saysNothing ? undefined : firstLines(text.replace(ESCAPES, ''))
}

/** The plain form of a picture is `<Figure size 640x480 with 1 Axes>`. */
function isPicture(data: Json | undefined): boolean {
  return Object.keys(data ?? {}).some((type) => type.startsWith('image/'))
}

function firstLines(text: string): string {
  const lines = text.trimEnd().split('\n')
  const first = lines.slice(0, MAX_OUTPUT_LINES).join('\n')
  const kept = first.slice(0, MAX_OUTPUT_CHARS)
  if (kept.length < first.length) return `${kept} …`
  const more = lines.length - MAX_OUTPUT_LINES
  return more > 0 ? `${kept}\n… ${more.toLocaleString('en')} more lines` : kept
}

/** Texts are strings or lists of strings, line by line with their line breaks. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const isLines = Array.isArray(value) && value.every((line) => typeof line === 'string')
  return isLines ? value.join('') : undefined
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
