import { isBlank, type Lines, lineAt } from './lines.js'
import type { SourceUnit } from './source-outline.js'

const FUNCTION_START = /^(?:function\s+([\w:.-]+)\s*(?:\(\s*\))?|([\w:.-]+)\s*\(\s*\))\s*(?:\{(.*)|\(|)$/

/**
 * The functions of a shell script, by how people lay them out: the name at the start of a line, the closing brace at the
 * start of another. Comments right above a function are preludes.
 */
export function outlineShell(lines: Lines): SourceUnit[] {
  const units: SourceUnit[] = []
  for (let at = 0; at < lines.starts.length; at++) {
    const line = lineAt(lines, at)
    if (/^#/.test(line)) units.push({ first: at, last: at, isPrelude: true })
    const match = FUNCTION_START.exec(line)
    const name = match?.[1] ?? match?.[2]
    if (name === undefined) continue
    const last = /\}\s*(?:#.*)?$/.test(match?.[3] ?? '') ? at : lastLineOf(lines, at)
    if (last === undefined) continue
    units.push({ first: at, last, name })
    at = last
  }
  return units
}

/** The line of the closing brace; none where the body goes on to the end or has lines that begin a function. */
function lastLineOf(lines: Lines, first: number): number | undefined {
  for (let at = first + 1; at < lines.starts.length; at++) {
    const line = lineAt(lines, at)
    if (/^[})]/.test(line)) return at
    if (!isBlank(line) && FUNCTION_START.test(line)) return undefined
  }
  return undefined
}
