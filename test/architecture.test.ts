import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** What each part of src/ may import, by its path without ending; the first pattern that fits a file decides. */
const LAYERS: readonly { readonly name: string; readonly files: RegExp; readonly mayImport: RegExp }[] = [
  layer(
    'base',
    /^(types|errors|lazy|logger|observer|metrics|add-usage|built-file)$|^text\/|^files\/looks-like-secret$/,
    'base',
  ),
  layer(
    'seam',
    /^(embed\/(embedder|check-vectors)|answer\/generator|store\/(store|filter|verify-report)|sessions\/session-store|extract\/extractor|access\/key-store|ingest\/report|jobs\/job-store|corpus\/gaps\/gap-store)$/,
    'base|seam',
  ),
  layer('config', /^(config|settings)$/, 'base|config'),
  layer(
    'step',
    /^chunk\/|^files\/|^embed\/|^api\/|^store\/observe-store$|^search\/(assistant|calendar|date-words|diversify|edit-distance|find-dates|fuse-rankings|make-hit|make-snippet|parse-date|parse-filter|parse-query|passage-in-context|plan-keywords|query-units|read-date-phrase|recency|relevance)$|^answer\/(?!(answerer|find-passages)$)|^evaluate\/(metrics|read-beir-folder|significance|span-measures)$/,
    'base|seam|step',
  ),
  layer('adapter', /^gemini\/|^local\/|^store\/sqlite\/|^extract\//, 'base|seam|adapter'),
  layer(
    'service',
    /^(access|ingest|jobs|search|answer|sessions|corpus|evaluate|engine)\/|^engine$/,
    'base|seam|step|service',
  ),
  layer(
    'compose',
    /^(compose(-evaluation|-gemini|-generation|-indexer)?|choose-embedder|diagnose|upkeep)$/,
    'base|seam|config|step|adapter|service|compose',
  ),
  layer('face', /^(cli|http|mcp|web)\//, 'base|config|face'),
  layer('top', /^(index|main)$/, '.*'),
]

/** Faces speak to the engine's interface (whole, or as rights show it) and the schemas, and to nothing else below. */
const FACE_MAY_ALSO = /^engine$|^api\/|^access\/(restrict-engine|rights)$/
/** Vendor packages and the one place that may import each. */
const VENDORS: readonly (readonly [RegExp, RegExp])[] = [
  [/^@google\/generative-ai$/, /^gemini\//],
  [/^(better-sqlite3|sqlite-vec)$/, /^store\/sqlite\//],
  [/^(express|cors|helmet|rate-limiter-flexible)$/, /^http\//],
  [/^@modelcontextprotocol\/sdk\//, /^mcp\//],
  [/^prom-client$/, /^metrics$/],
  [/^(commander|string-width)$/, /^cli\//],
  [/^zod$/, /^api\//],
  [/^pino$/, /^logger$/],
  [/^(stemmer|stopword|@orama\/stemmers\/[a-z]+)$/, /^text\//],
  [/^p-limit$/, /^(embed|extract)\//],
  [/^(preact|@preact\/signals)(?:\/|$)/, /^web\//],
  [/^@e965\/xlsx(?:\/|$)/, /^extract\//],
  [/^(chardet|yaml|parse5|mdast|micromark|htmlparser2|yauzl)/, /^extract\//],
  [/^pdfjs-dist\//, /^extract\/pdf\/pdf-library$/],
  [/^diff$/, /^corpus\//],
  [/^umap-js$/, /^corpus\/map\/umap-drawing$/],
  [/^ignore$/, /^files\//],
  [/^papaparse$/, /^extract\//],
  [/^(postal-mime|@kenjiuno\/(msgreader|decompressrtf)|rtf-stream-parser)$/, /^extract\//],
  [/^(web-tree-sitter|tree-sitter-wasms)$/, /^extract\//],
  [/^(exifreader|omggif|pngjs)$/, /^extract\//],
]

function layer(name: string, files: RegExp, mayImport: string) {
  return { name, files, mayImport: new RegExp(`^(${mayImport})$`) }
}

type SourceFile = {
  readonly name: string
  readonly text: string
  readonly own: readonly string[]
  readonly vendors: readonly string[]
}

function readSources(): SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => {
      const text = readFileSync(join(SRC, path), 'utf8')
      // Heavy packages are imported where they are used: `await import('...')`.
      const imports = text.matchAll(/(?:^(?:import|export)\s(?:[^'"]*?\sfrom )?|\bimport\()'([^']+)'/gm)
      const specifiers = [...imports].map((match) => match[1] ?? '')
      const own = specifiers.filter((specifier) => specifier.startsWith('.'))
      return {
        name: path.replace(/\.ts$/, ''),
        text,
        own: own.map((specifier) => relative(SRC, join(SRC, dirname(path), specifier)).replace(/\.js$/, '')),
        vendors: specifiers.filter(
          (specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'),
        ),
      }
    })
}

const sources = readSources()
const layerOf = (name: string) => LAYERS.find(({ files }) => files.test(name))?.name ?? 'none'

describe('the direction of imports', () => {
  it('finds the sources and their imports', () => {
    expect(sources.length).toBeGreaterThan(80)
    expect(sources.find(({ name }) => name === 'compose')?.own).toContain('store/sqlite/sqlite-store')
  })

  it('knows the layer of every file', () => {
    expect(sources.map(({ name }) => name).filter((name) => layerOf(name) === 'none')).toEqual([])
  })

  it('runs downwards only', () => {
    const wrong = sources.flatMap(({ name, own }) => {
      const layer = LAYERS.find(({ files }) => files.test(name))
      return own
        .filter((target) => !layer?.mayImport.test(layerOf(target)))
        .filter((target) => !(layer?.name === 'face' && FACE_MAY_ALSO.test(target)))
        .map((target) => `${name} (${layer?.name}) imports ${target} (${layerOf(target)})`)
    })
    expect(wrong).toEqual([])
  })

  it('keeps adapters and faces apart from one another', () => {
    const family = (name: string) =>
      name.startsWith('store/sqlite/') ? 'store/sqlite' : (name.split('/')[0] ?? '')
    const wrong = sources.flatMap(({ name, own }) =>
      own
        .filter(
          (target) =>
            ['adapter', 'face'].includes(layerOf(name)) &&
            layerOf(target) === layerOf(name) &&
            family(name) !== family(target),
        )
        // The commands that start a service import the face they start.
        .filter((target) => !(/^cli\/commands\/(serve|mcp|demo)$/.test(name) && /^(http|mcp)\//.test(target)))
        .map((target) => `${name} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('has no cycles', () => {
    const graph = new Map(sources.map(({ name, own }) => [name, own]))
    const done = new Set<string>()
    const visit = (name: string, path: readonly string[]): string[] => {
      if (path.includes(name)) return [[...path.slice(path.indexOf(name)), name].join(' -> ')]
      if (done.has(name)) return []
      const found = (graph.get(name) ?? []).flatMap((target) => visit(target, [...path, name]))
      done.add(name)
      return found
    }
    expect(sources.flatMap(({ name }) => visit(name, []))).toEqual([])
  })

  it('lets each vendor package in at one place', () => {
    const wrong = sources.flatMap(({ name, vendors }) =>
      vendors
        .filter((vendor) => !VENDORS.some(([pattern, place]) => pattern.test(vendor) && place.test(name)))
        .map((vendor) => `${name} imports ${vendor}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the start of a command', () => {
  /** What is loaded with a module: its imports and theirs, without types and what is imported where it is used. */
  function loadedWith(start: string): Set<string> {
    const loaded = new Set<string>()
    const visit = (name: string) => {
      if (loaded.has(name)) return
      loaded.add(name)
      const text = sources.find((source) => source.name === name)?.text ?? ''
      for (const [, , specifier = ''] of text.matchAll(
        /^(import|export)\s(?!type\s)(?:[^'"]*?\sfrom )?'([^']+)'/gm,
      )) {
        if (specifier.startsWith('node:')) continue
        const isOwn = specifier.startsWith('.')
        visit(isOwn ? relative(SRC, join(SRC, dirname(name), specifier)).replace(/\.js$/, '') : specifier)
      }
    }
    visit(start)
    return loaded
  }

  it('loads the flags of the verbs, and no verb', () => {
    const loaded = [...loadedWith('main')]
    expect(loaded).toContain('cli/program')
    expect(loaded.filter((name) => /^cli\/commands\/|^compose|^store\/|^http\/|^mcp\//.test(name))).toEqual(
      [],
    )
  })

  it('opens an index without what writes it, answers or looks at it as a whole', () => {
    const loaded = [...loadedWith('compose')]
    expect(loaded).toContain('store/sqlite/sqlite-store')
    expect(
      loaded.filter((name) =>
        /^answer\/answerer$|^ingest\/indexer$|^corpus\/(create-corpus|map\/lay-out)$|^evaluate\/|^search\/searcher$|^extract\/extract$/.test(
          name,
        ),
      ),
    ).toEqual([])
  })

  it.each(['main', 'compose'])('loads no vendor package with %s that few commands need', (start) => {
    const vendors = new Set(sources.flatMap((source) => source.vendors))
    const loaded = [...loadedWith(start)].filter((name) => vendors.has(name))
    const allowed = ['better-sqlite3', 'commander', 'p-limit', 'sqlite-vec', 'stemmer']
    expect(loaded.filter((name) => !allowed.includes(name))).toEqual([])
  })
})

describe('the surroundings', () => {
  it('are read in the programs only', () => {
    const readers = sources.filter(({ text }) => /process\.(env|argv|stdin|stdout|stderr|cwd\()/.test(text))
    expect(readers.map(({ name }) => name).toSorted()).toEqual(['extract/worker', 'main'])
  })
})
