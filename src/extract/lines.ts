/** Where each line of a text begins and ends (without its `\n`). Line numbers in code count from 0. */
export type Lines = {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export function splitLines(text: string): Lines {
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (;;) {
    const end = text.indexOf('\n', at)
    starts.push(at)
    ends.push(end < 0 ? text.length : end)
    if (end < 0) return { text, starts, ends }
    at = end + 1
  }
}

/** The line's characters; past the last line the empty string. */
export function lineAt(lines: Lines, index: number): string {
  return lines.text.slice(lines.starts[index] ?? lines.text.length, lines.ends[index])
}

export function startOf(lines: Lines, index: number): number {
  return lines.starts[index] ?? lines.text.length
}

export function endOf(lines: Lines, index: number): number {
  return lines.ends[index] ?? lines.text.length
}

export function isBlank(line: string): boolean {
  return line.trim() === ''
}
