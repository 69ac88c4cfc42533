import { z } from 'zod'
import { answerFields, fields, jsonText, says, textOf, textual, wholeNumberFrom } from '../fields.js'
import { document, MAX_REFERENCE_CHARS, name, notice } from './nouns.js'

const MAX_TEXT_CHARS = 1_000_000
const MAX_URI_CHARS = 1_024

/** Query string of `GET /v1/documents`. `after` is the `next` of the page before. */
export const listQuery = fields({
  collection: name.exactOptional(),
  limit: textual(wholeNumberFrom(1, 500)).default(50),
  after: textOf(1, MAX_REFERENCE_CHARS).exactOptional(),
})

export const documentList = answerFields({
  documents: z.array(document),
  total: z.int(),
  next: z.string().exactOptional().describe('`after` of the next page; none on the last one'),
})

/**
 * The `:id` of a document: its id, or its URI percent-encoded. Paths of the machine are refused: which ones are known is
 * nothing that a client may find out.
 */
export const documentPath = fields({
  id: textOf(1, MAX_REFERENCE_CHARS).refine((reference) => isRelative(reference), {
    error: 'must be an id or the URI of a document, relative to its folder',
  }),
})

/** A folder of a collection, with or without a slash at its end. */
export const folder = textOf(1, MAX_REFERENCE_CHARS).refine((path) => isRelative(path), {
  error: 'must be a path within the collection',
})

/** Path of a pushed document in its collection: a label, never a path of this machine. */
const pushedUri = textOf(1, MAX_URI_CHARS).refine(
  (uri) =>
    isRelative(uri) && !/[\p{Cc}\\]/u.test(uri) && !uri.split('/').some((part) => /^\.{0,2}$/.test(part)),
  { error: 'must be a relative path, such as notes/today.md: no empty part, no "." or "..", no backslash' },
)

const collectionName = name.regex(/^[^/\p{Cc}]+$/u, says('must be a name without slashes'))
const title = textOf(1, 500)

const metadata = z.record(z.string(), z.json(), says('must be a JSON object'))

/** Body of `POST /v1/documents`. */
export const pushRequest = fields({
  uri: pushedUri,
  text: textOf(1, MAX_TEXT_CHARS),
  title: title.exactOptional(),
  metadata: metadata.exactOptional(),
  collection: collectionName.exactOptional(),
})

/** Query string of `PUT /v1/documents`. */
export const putQuery = fields({
  uri: pushedUri,
  title: title.exactOptional(),
  metadata: jsonText(metadata).exactOptional(),
  collection: collectionName.exactOptional(),
})

export const pushAnswer = answerFields({
  documents: z
    .array(document)
    .describe('what is in the index now: the document, then what is attached to it'),
  notices: z.array(notice).describe('what of it is not in the index, and why'),
})

export const removeAnswer = answerFields({ removed: document })

function isRelative(reference: string): boolean {
  return !/^(?:\/|\\|[A-Za-z]:[\\/])/.test(reference) && !reference.includes('\0')
}

export { documentContent } from './nouns.js'
