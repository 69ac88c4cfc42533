import type { ExtractLimits } from '../extractor.js'
import { tidyText } from '../flow/flow.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import type { OfficePackage } from './office-package.js'

export type SlideComment = { readonly author: string; readonly text: string }

/** The comments on a slide, replies among them, in both forms that PowerPoint has written (2007 and 2018). */
export async function readSlideComments(
  file: OfficePackage,
  slide: string,
  limits: ExtractLimits,
): Promise<readonly SlideComment[]> {
  const parts = await file.readRelated(slide, 'comments')
  if (parts.length === 0) return []
  const authors = new Map<string, string>()
  for (const type of ['commentAuthors', 'authors']) {
    for (const { text } of await file.readRelated(file.mainPart, type)) readAuthors(text, authors, limits)
  }
  return parts.flatMap(({ text }) => readComments(text, authors, limits))
}

function readAuthors(source: string, authors: Map<string, string>, limits: ExtractLimits): void {
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (/:(?:cmAuthor|author)$/.test(name)) authors.set(attributes.id ?? '', attributes.name ?? '')
        return undefined
      },
    },
    limits,
  )
}

function readComments(
  source: string,
  authors: ReadonlyMap<string, string>,
  limits: ExtractLimits,
): SlideComment[] {
  const open: { readonly author: string; readonly parts: string[] }[] = []
  const found: { readonly author: string; readonly parts: readonly string[] }[] = []
  let isText = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (isComment(name)) {
          const comment = { author: tidyText(authors.get(attributes.authorId ?? '') ?? ''), parts: [] }
          open.push(comment)
          found.push(comment)
        }
        isText = name === 'p:text' || name === 'a:t'
        return undefined
      },
      close(name) {
        isText = false
        if (isComment(name)) open.pop()
        else if (name === 'a:p') open.at(-1)?.parts.push(' ')
      },
      text(text) {
        if (isText) open.at(-1)?.parts.push(text)
      },
    },
    limits,
  )
  return found.map(({ author, parts }) => ({ author, text: tidyText(parts.join('').replace(/\s+/g, ' ')) }))
}

function isComment(name: string): boolean {
  return /:(?:cm|reply)$/.test(name)
}
