import { isBlank, type Lines, lineAt } from '../lines.js'
import type { SourceUnit } from './source-outline.js'

const FUNCTION_START = /^(?:function\s+([\w:.-]+)\s*(?:\(\s*\))?|([\w:.-]+)\s*\(\s*\))\s*(?:\{(.*)|\(|)$/
const MAX_START_CHARS = 500

/**
 * The functions of a shell script, by how people lay them out: the name at the start of a line, the closing brace at the
 * start of another. Comments right above a function are preludes.
 */
export function outlineShell(lines: Lines): SourceUnit[] {
  const units: SourceUnit[] = []
  for (let at = 0; at < lines.starts.length; at++) {
    const line = lineAt(lines, at)
    if (/^#/.test(line)) units.push({ first: at, last: at, isPrelude: true })
    const match = startOfFunction(line)
    const name = match?.[1] ?? match?.[2]
    if (name === undefined) continue
    const last = /\}\s*(?:#.*)?$/.test(match?.[3] ?? '') ? at : lastLineOf(lines, at)
    if (last === undefined) continue
    units.push({ first: at, last, name })
    at = last
  }
  return units
}

/** On runs of spaces the pattern takes the square of their length; no function's first line is that long. */
function startOfFunction(line: string): RegExpExecArray | null {
  return line.length > MAX_START_CHARS ? null : FUNCTION_START.exec(line)
}

/** The line of the closing brace; none where the body goes on to the end or has lines that begin a function. */
function lastLineOf(lines: Lines, first: number): number | undefined {
  for (let at = first + 1; at < lines.starts.length; at++) {
    const line = lineAt(lines, at)
    if (/^[})]/.test(line)) return at
    if (!isBlank(line) && startOfFunction(line) !== null) return undefined
  }
  return undefined
}
