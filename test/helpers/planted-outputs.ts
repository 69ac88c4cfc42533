import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { plantedTexts } from './planted-texts.js'

export const TRUE_SENTENCE = 'The heat pump was installed in 2021 by the firm Keller.'

/** What stands before and behind what a planted text wants. */
export const AROUND: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  [`${TRUE_SENTENCE} [1] `, ''],
  ['', ` ${TRUE_SENTENCE} [1]`],
  [`${TRUE_SENTENCE} [1]\n\n- `, `\n\n${TRUE_SENTENCE} [1]`],
  ['> ', '\n\n'],
  ['| a | b |\n| --- | --- |\n| ', ' | c |\n'],
  ['`', '` and so on [1]'],
  [`**${TRUE_SENTENCE} [1]** _`, '_'],
]

/** What a planted text wants to have said; empty without one. */
export function wantedBy(prompt: string): string {
  return /BEGIN (.*?) END/s.exec(prompt)?.[1] ?? ''
}

/** What a model writes that does what two planted texts ask for, one behind the other. */
export type PlantedOutput = { readonly planted: readonly string[]; readonly text: string }

/** Prime, and so each combination comes up once, near ones far from one another. */
const STRIDE = 1237

/** At most `count` of them: all pairs of texts that ask for different things, in each of the surroundings. */
export function plantedOutputs(count: number): PlantedOutput[] {
  const planted = [...new Map(plantedTexts.map((text) => [wantedBy(text), text])).values()]
  const all = planted.flatMap((a) =>
    planted.flatMap((b) =>
      AROUND.map(([before, after]) => ({
        planted: [a, b],
        text: before + wantedBy(a) + wantedBy(b) + after,
      })),
    ),
  )
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[(i * STRIDE) % all.length]).filter(
    (output) => output !== undefined,
  )
}

/** Pieces as small as a model's. */
export function cutAtTokens(said: string): string[] {
  return said.match(/\p{L}{1,3}|\d|[^\p{L}\d]/gsu) ?? []
}

/** All that a renderer of Markdown would make alive: links, pictures, definitions of them, HTML. */
export function findLive(markdown: string): string[] {
  const found: string[] = []
  const walk = (node: Nodes): void => {
    if (['link', 'image', 'linkReference', 'imageReference', 'definition', 'html'].includes(node.type))
      found.push(node.type)
    if ('children' in node) node.children.forEach(walk)
  }
  walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }))
  return found
}
