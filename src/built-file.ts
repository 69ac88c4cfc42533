import { existsSync } from 'node:fs'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The path of a file that the build puts beside a module, such as the program of a worker. Sources that run uncompiled, as
 * tests do, find it in `dist/`.
 */
export function builtFile(name: string, moduleUrl: string): string {
  const beside = fileURLToPath(new URL(name, moduleUrl))
  if (existsSync(beside)) return beside
  const src = beside.lastIndexOf(`${sep}src${sep}`)
  return `${beside.slice(0, src)}${sep}dist${beside.slice(src + `${sep}src`.length)}`
}
