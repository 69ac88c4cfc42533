/** A stretch of a file; UTF-16 offsets. */
export type FileSpan = { readonly file: string; readonly start: number; readonly end: number }

export type SpanMeasures = {
  /** Share of the answer's characters that the passages hold. */
  readonly recall: number
  /** Share of the passages' characters that belong to the answer. */
  readonly precision: number
}

/** How well passages cover an answer (Smith & Troynikov, "Evaluating Chunking Strategies for Retrieval", 2024). */
export function measureSpans(answer: readonly FileSpan[], passages: readonly FileSpan[]): SpanMeasures {
  const wanted = merge(answer)
  const covered = wanted.flatMap((span) => passages.flatMap((passage) => overlapOf(span, passage) ?? []))
  const hit = lengthOf(merge(covered))
  const all = lengthOf(passages)
  return { recall: lengthOf(wanted) === 0 ? 0 : hit / lengthOf(wanted), precision: all === 0 ? 0 : hit / all }
}

function overlapOf(a: FileSpan, b: FileSpan): FileSpan | undefined {
  if (a.file !== b.file) return undefined
  const [start, end] = [Math.max(a.start, b.start), Math.min(a.end, b.end)]
  return start < end ? { file: a.file, start, end } : undefined
}

function merge(spans: readonly FileSpan[]): FileSpan[] {
  const sorted = spans.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start))
  const merged: FileSpan[] = []
  for (const span of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && last.file === span.file && span.start <= last.end)
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) }
    else merged.push(span)
  }
  return merged
}

function lengthOf(spans: readonly FileSpan[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0)
}
