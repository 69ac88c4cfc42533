import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GemdexError } from '../errors.js'
import type { Judgements } from './metrics.js'

export type BeirDocument = { readonly id: string; readonly title: string; readonly text: string }

export type BeirFolder = {
  readonly documents: readonly BeirDocument[]
  /** Only queries that have judgements. */
  readonly queries: readonly { readonly id: string; readonly text: string }[]
  readonly judgements: ReadonlyMap<string, Judgements>
}

const GRADE = /^-?\d+$/

/** Reads corpus.jsonl, queries.jsonl and qrels/<split>.tsv. Throws BAD_INPUT naming file and line. */
export async function readBeirFolder(folder: string, split = 'test'): Promise<BeirFolder> {
  const documents = await readJsonLines(join(folder, 'corpus.jsonl'), (line) => ({
    id: textField(line, '_id'),
    title: typeof line.title === 'string' ? line.title : '',
    text: textField(line, 'text'),
  }))
  const judgements = await readJudgements(join(folder, 'qrels', `${split}.tsv`))
  const queries = await readJsonLines(join(folder, 'queries.jsonl'), (line) => ({
    id: textField(line, '_id'),
    text: textField(line, 'text'),
  }))
  return { documents, queries: queries.filter(({ id }) => judgements.has(id)), judgements }
}

async function readJsonLines<T>(path: string, convert: (line: Record<string, unknown>) => T): Promise<T[]> {
  const lines = await readLines(path)
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    try {
      return [convert(JSON.parse(line) as Record<string, unknown>)]
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new GemdexError('BAD_INPUT', `${path}, line ${i + 1}: ${why}`, { cause: error })
    }
  })
}

/** `query-id  corpus-id  score`, tab-separated, with or without a header. */
async function readJudgements(path: string): Promise<Map<string, Map<string, number>>> {
  const judgements = new Map<string, Map<string, number>>()
  for (const [i, line] of (await readLines(path)).entries()) {
    if (line.trim() === '') continue
    const [query, document, grade] = line.split('\t').map((field) => field.trim())
    const isHeader = i === 0 && !GRADE.test(grade ?? '')
    if (isHeader) continue
    if (query === undefined || document === undefined || !GRADE.test(grade ?? '')) {
      throw new GemdexError(
        'BAD_INPUT',
        `${path}, line ${i + 1}: expected query, document and grade, found "${line}"`,
      )
    }
    const known = judgements.get(query) ?? new Map<string, number>()
    judgements.set(query, known.set(document, Number(grade)))
  }
  return judgements
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '').split(/\r?\n/)
  } catch (error) {
    throw new GemdexError('BAD_INPUT', `${path} cannot be read`, {
      hint: 'A BEIR folder holds corpus.jsonl, queries.jsonl and qrels/test.tsv.',
      cause: error,
    })
  }
}

function textField(line: Record<string, unknown>, name: string): string {
  const value = line[name]
  if (typeof value === 'string') return value
  throw new GemdexError('BAD_INPUT', `"${name}" must be a text`)
}
