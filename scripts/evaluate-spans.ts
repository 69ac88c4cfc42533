import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultChunkOptions } from '#dist/chunk/chunk-document.js'
import { openEvaluation } from '#dist/compose-evaluation.js'
import type { Config } from '#dist/config.js'
import type { EvaluationFile } from '#dist/evaluate/runner.js'
import { type FileSpan, measureSpans } from '#dist/evaluate/span-measures.js'
import { extractFile } from '#dist/extract/extract.js'
import { defaultExtractLimits } from '#dist/extract/limits.js'

type Question = {
  readonly text: string
  readonly file: string
  readonly refs: readonly (readonly [number, number])[]
}

/** Sizes of passages, from a few sentences to a page. The longest grows with the target as by default. */
const TARGETS = [64, 88, 128, defaultChunkOptions.targetTokens, 320]
const PASSAGES = 5

/** Whether a folder has questions with marked answers. */
export async function hasSpans(folder: string): Promise<boolean> {
  return (await stat(join(folder, 'spans.jsonl')).catch(() => undefined)) !== undefined
}

/**
 * Prints how much of marked answers the best five passages hold, and how much of them is answer, for passages of several
 * sizes: `files/` with `spans.jsonl` of `{"text", "file", "refs": [[start, end], ...]}` in UTF-16 offsets.
 */
export async function printSpanCurve(folder: string, config: Config): Promise<void> {
  const lines = (await readFile(join(folder, 'spans.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '')
  const questions = lines.map((line) => JSON.parse(line) as Question)
  const files = await readFiles(join(folder, 'files'))
  console.log('target  longest  passages  recall@5  precision@5')
  for (const targetTokens of TARGETS) {
    const isDefault = targetTokens === defaultChunkOptions.targetTokens
    // Smaller passages keep less whole: the sections of a text that is to be cut small are to be cut too.
    const maxTokens = isDefault ? defaultChunkOptions.maxTokens : Math.round(targetTokens * 1.5)
    const evaluation = openEvaluation(config)
    const chunking = {
      ...defaultChunkOptions,
      targetTokens,
      maxTokens,
      minTokens: Math.round(targetTokens / 4),
    }
    const passages = await evaluation.loadFiles(files, chunking)
    let [recall, precision] = [0, 0]
    for (const { text, file, refs } of questions) {
      const answer = refs.map(([start, end]): FileSpan => ({ file, start, end }))
      const measured = measureSpans(answer, await evaluation.passages(text, { mode: 'hybrid' }, PASSAGES))
      recall += measured.recall / questions.length
      precision += measured.precision / questions.length
    }
    await evaluation.close()
    const cells = [String(targetTokens).padEnd(7), String(maxTokens).padEnd(8), String(passages).padEnd(9)]
    console.log(
      [...cells, recall.toFixed(4).padEnd(9), precision.toFixed(4), isDefault ? '(default)' : ''].join(' '),
    )
  }
}

async function readFiles(folder: string): Promise<EvaluationFile[]> {
  const files: EvaluationFile[] = []
  for (const file of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, file))
    const result = await extractFile(bytes, { name: file, limits: defaultExtractLimits })
    const extracted = 'skipped' in result ? undefined : result.documents[0]
    if (extracted !== undefined) files.push({ file, extracted })
  }
  return files
}
