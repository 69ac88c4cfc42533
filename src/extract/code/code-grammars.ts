import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Language } from 'web-tree-sitter'
import { outlineCode } from './code-outline.js'
import type { SourceUnit } from './source-outline.js'

export interface CodeGrammars {
  /** The units of a source by its syntax; errors in it are tolerated. Throws when the parser fails. */
  outline(source: string, grammar: string): Promise<SourceUnit[]>
}

/**
 * Parsers of tree-sitter (https://tree-sitter.github.io), compiled to WebAssembly. The runtime and each grammar are loaded
 * when first needed and kept, as a grammar cannot be unloaded.
 */
export function createGrammars(): CodeGrammars {
  const languages = new Map<string, Promise<Language>>()
  let runtime: Promise<typeof import('web-tree-sitter')> | undefined

  return {
    async outline(source, grammar) {
      runtime ??= startRuntime()
      const { Parser, Language } = await runtime
      const loading = languages.get(grammar) ?? Language.load(pathOf(grammar))
      languages.set(grammar, loading)
      const parser = new Parser()
      try {
        const tree = parser.setLanguage(await loading).parse(source)
        try {
          return tree === null ? [] : outlineCode(tree.rootNode)
        } finally {
          tree?.delete()
        }
      } finally {
        parser.delete()
      }
    },
  }
}

async function startRuntime(): Promise<typeof import('web-tree-sitter')> {
  const runtime = await import('web-tree-sitter')
  await runtime.Parser.init()
  return runtime
}

function pathOf(grammar: string): string {
  const root = dirname(createRequire(import.meta.url).resolve('tree-sitter-wasms/package.json'))
  return join(root, 'out', `tree-sitter-${grammar}.wasm`)
}
