import type { Metadata, MetadataValue } from '../../types.js'
import { realTitle } from '../real-title.js'

const maxValueChars = 2000
const maxListItems = 100
const maxTagChars = 200

/** Dates of the empty files that python-docx and python-pptx start from, which nobody wrote then. */
const templateDates = new Set(['2013-12-23T23:15:00', '2013-01-27T09:14:16', '2013-01-27T09:15:58'])

/** What the formats of office files, books and the like record of a document, as they write it. */
export type DocumentProperties = {
  readonly title?: string | undefined
  readonly authors?: readonly string[] | undefined
  readonly created?: string | undefined
  readonly modified?: string | undefined
  readonly published?: string | undefined
  readonly language?: string | undefined
  /** Each may hold several, parted by commas or semicolons. */
  readonly tags?: readonly string[] | undefined
  readonly subject?: string | undefined
  readonly description?: string | undefined
  readonly publisher?: string | undefined
}

/** The same under the names and in the forms that filters know; what is empty or cannot be is left out. */
export function describeDocument(properties: DocumentProperties): {
  readonly title?: string
  readonly metadata: Metadata
} {
  const title = realTitle(properties.title)
  const entries: [string, MetadataValue | undefined][] = [
    ['author', oneOrMore(properties.authors)],
    ['created', isoDate(properties.created)],
    ['modified', isoDate(properties.modified)],
    ['published', isoDate(properties.published)],
    ['language', languageTag(properties.language)],
    ['tags', tagList(properties.tags)],
    ['subject', words(properties.subject)],
    ['description', words(properties.description)],
    ['publisher', words(properties.publisher)],
  ]
  const known = entries.filter((entry): entry is [string, MetadataValue] => entry[1] !== undefined)
  return { ...(title === undefined ? {} : { title }), metadata: Object.fromEntries(known) }
}

function words(value: string | undefined): string | undefined {
  const text = (value ?? '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, maxValueChars)
  return text === '' ? undefined : text
}

function oneOrMore(values: readonly string[] = []): MetadataValue | undefined {
  const all = [...new Set(values.map(words).filter((value) => value !== undefined))].slice(0, maxListItems)
  return all.length > 1 ? all : all[0]
}

function tagList(values: readonly string[] = []): MetadataValue | undefined {
  const tags = values
    .flatMap((value) => value.split(/[,;、，]/))
    .map((tag) => words(tag)?.slice(0, maxTagChars))
  const all = [...new Set(tags.filter((tag) => tag !== undefined))].slice(0, maxListItems)
  return all.length === 0 ? undefined : all
}

/** As it stands when it is ISO 8601, down to a year; templates and zeroes of old clocks lie before 1980. */
function isoDate(value: string | undefined): string | undefined {
  const text = value?.trim() ?? ''
  const isIso =
    /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/.test(text)
  if (!isIso || templateDates.has(text.replace('Z', '')) || Number.isNaN(Date.parse(text.slice(0, 10))))
    return undefined
  return Number(text.slice(0, 4)) < 1980 ? undefined : text
}

function languageTag(value: string | undefined): string | undefined {
  const tag = value?.trim().replaceAll('_', '-') ?? ''
  return /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i.test(tag) && !/^(?:und|zxx|none)$/i.test(tag) ? tag : undefined
}
