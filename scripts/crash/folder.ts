import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const SECTIONS = 5

/** Files that change, and what the index may hold of each: versions, or 0 for nothing. */
export type Folder = ReturnType<typeof createFolder>

export function createFolder(path: string, files: number, random: () => number) {
  mkdirSync(path, { recursive: true })
  const versions = Array.from({ length: files }, () => 1)
  const possible = versions.map(() => new Set([0]))

  function write(file: number): void {
    const sections = Array.from({ length: SECTIONS }, (_, i) => {
      const words = Array.from({ length: 90 }, () => `w${Math.floor(20_000 ** random()).toString(36)}`)
      return `## Section ${i} of ${file}\n\n${markOf(file, versions[file] ?? 0)} ${words.join(' ')}.\n`
    })
    writeFileSync(join(path, nameOf(file)), `# Document ${file}\n\n${sections.join('\n')}`)
  }
  for (let file = 0; file < files; file++) write(file)

  return {
    path,
    files,

    /** Changes some files. */
    change(count: number): void {
      for (let i = 0; i < count; i++) {
        const file = Math.floor(random() * files)
        versions[file] = (versions[file] ?? 0) + 1
        write(file)
      }
    },

    /** From here on the index may hold these files as they are now, or not at all. */
    begin(kind: 'index' | 'remove', which: readonly number[]): void {
      for (const file of which) possible[file]?.add(kind === 'index' ? (versions[file] ?? 0) : 0)
    },

    /** It was acknowledged: it must hold them so. */
    acknowledge(kind: 'index' | 'remove', which: readonly number[]): void {
      for (const file of which) possible[file] = new Set([kind === 'index' ? (versions[file] ?? 0) : 0])
    },

    /** Throws when the index may not hold this version of a file; from here on it must go on holding it. */
    found(file: number, version: number): void {
      const allowed = possible[file]
      if (!allowed?.has(version))
        throw new Error(
          `${nameOf(file)}: version ${version} is there instead of ${[...(allowed ?? [])].join(' or ')}`,
        )
      possible[file] = new Set([version])
    },
  }
}

export function nameOf(file: number): string {
  return `document-${file}.md`
}

/** A word that stands in each section of one version of one file: of letters alone, so that it has no parts. */
export function markOf(file: number, version: number): string {
  return `zq${spell(file)}x${spell(version)}zq`
}

/** The version that a text says it is; undefined when it says none, or several. */
export function versionIn(text: string): number | undefined {
  const marks = new Set(text.match(/zq[b-m]+x[b-m]+zq/g))
  const [, digits] = /x([b-m]+)zq/.exec([...marks][0] ?? '') ?? []
  if (marks.size !== 1 || digits === undefined) return undefined
  return Number([...digits].map((letter) => DIGITS.indexOf(letter)).join(''))
}

const DIGITS = 'bcdfghjklm'

function spell(number: number): string {
  return [...String(number)].map((digit) => DIGITS[Number(digit)]).join('')
}
