import type { ExpandedTags } from 'exifreader'
import type { Metadata, MetadataValue } from '../../types.js'
import { boundedList, boundedText, present } from '../bounded-metadata.js'

/** What a picture says of itself. */
export type ImageMetadata = {
  readonly title?: string
  readonly description?: string
  readonly tags: readonly string[]
  /** Under the keys of documents: `author`, `created`, `tags`; besides `camera`, `width` and `height` in pixels. */
  readonly metadata: Metadata
}

/** Tags by their names: the library tells the types of some and not of others. */
type Tags = object

/** What cameras and programs write where a description should stand. */
const NO_DESCRIPTION =
  /^(?:(?:olympus|minolta|konica|kodak|samsung|nikon|sony|casio|sanyo)\b.{0,30}|digital camera|default|untitled|screenshot|exif[ _]jpeg[ _]picture|created with .{0,40}|dcim.*|dsc.*|img[_-]?\d+.*|\P{L}*)$/iu

/**
 * Reads EXIF, XMP, IPTC and the texts of PNG files of a JPEG, PNG, WebP or GIF picture. Where it was taken (GPS) is left out,
 * as that is personal. A picture that says nothing gives its size at most. Throws an Error when it is none of these, or broken.
 */
export async function readImageMetadata(bytes: Uint8Array): Promise<ImageMetadata> {
  const { default: exifReader } = await import('exifreader')
  const tags = loadTags(() =>
    exifReader.load(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      expanded: true,
      excludeTags: { gps: true, thumbnail: true, makerNotes: true, icc: true },
    }),
  )
  const { exif, iptc, xmp } = tags
  const png = { ...tags.png, ...tags.pngText }
  const title = firstText([xmp, 'title'], [iptc, 'Object Name'], [png, 'Title'], [exif, 'XPTitle'])
  const description = firstText(
    [xmp, 'description'],
    [iptc, 'Caption/Abstract'],
    [exif, 'ImageDescription'],
    [png, 'Description'],
    [exif, 'XPComment'],
    [png, 'Comment'],
  )
  const keywords = firstText([xmp, 'subject'], [iptc, 'Keywords'], [exif, 'XPKeywords'], [png, 'Keywords'])
  const tagList = boundedList((keywords ?? '').split(/\s*[,;]\s*/))
  return {
    ...(title === undefined || NO_DESCRIPTION.test(title) ? {} : { title }),
    ...(description === undefined || description === title || NO_DESCRIPTION.test(description)
      ? {}
      : { description }),
    tags: tagList,
    metadata: present<MetadataValue>({
      author: firstText([xmp, 'creator'], [exif, 'Artist'], [iptc, 'By-line'], [png, 'Author']),
      created: dateTaken(exif, xmp, png),
      tags: tagList.length === 0 ? undefined : tagList,
      camera: cameraOf(exif),
      width: firstNumber(
        [tags.file, 'Image Width'],
        [png, 'Image Width'],
        [tags.riff, 'ImageWidth'],
        [tags.gif, 'Image Width'],
      ),
      height: firstNumber(
        [tags.file, 'Image Height'],
        [png, 'Image Height'],
        [tags.riff, 'ImageHeight'],
        [tags.gif, 'Image Height'],
      ),
    }),
  }
}

/** The library throws for a picture without metadata as it does for a broken one, but names its errors. */
function loadTags(load: () => ExpandedTags): ExpandedTags {
  try {
    return load()
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'MetadataMissingError') return {}
    throw thrown
  }
}

type Source = readonly [tags: Tags | undefined, name: string]

function tagOf([tags, name]: Source): unknown {
  return tags === undefined ? undefined : Reflect.get(tags, name)
}

function firstText(...sources: readonly Source[]): string | undefined {
  for (const source of sources) {
    const text = textOf(tagOf(source))
    if (text !== undefined) return text
  }
  return undefined
}

function textOf(tag: unknown): string | undefined {
  const list = Array.isArray(tag) ? tag : [tag]
  const texts = list.flatMap((each) => {
    const description: unknown =
      typeof each === 'object' && each !== null ? Reflect.get(each, 'description') : undefined
    return typeof description === 'string' ? description : []
  })
  return boundedText(texts.join(', '))
}

function firstNumber(...sources: readonly Source[]): number | undefined {
  for (const source of sources) {
    const tag = tagOf(source)
    const value: unknown = typeof tag === 'object' && tag !== null ? Reflect.get(tag, 'value') : undefined
    if (typeof value === 'number' && value > 0) return value
  }
  return undefined
}

/** `Nikon D90`: many makers are named in the model already. */
function cameraOf(exif: Tags | undefined): string | undefined {
  const make = firstText([exif, 'Make'])
  const model = firstText([exif, 'Model'])
  if (model === undefined) return make
  const isNamed =
    make === undefined || model.toLowerCase().startsWith(make.split(' ')[0]?.toLowerCase() ?? '')
  return isNamed ? model : `${make} ${model}`
}

/** ISO 8601: when it was taken, with its offset where the camera noted one, else in the camera's own time. */
function dateTaken(exif: Tags | undefined, xmp: Tags | undefined, png: Tags): string | undefined {
  const taken = isoDate(firstText([exif, 'DateTimeOriginal'], [exif, 'DateTimeDigitized']))
  const offset = firstText([exif, 'OffsetTimeOriginal'], [exif, 'OffsetTime'])
  if (taken !== undefined) return /^[+-]\d\d:\d\d$/.test(offset ?? '') ? `${taken}${offset}` : taken
  return isoDate(
    firstText([xmp, 'DateCreated'], [xmp, 'CreateDate'], [png, 'Creation Time'], [exif, 'DateTime']),
  )
}

/** EXIF has colons in dates: `2024:03:14 09:26:53`. */
function isoDate(text: string | undefined): string | undefined {
  const [, date, time] =
    /^(\d{4}[:-]\d\d[:-]\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?))?/.exec(text ?? '') ??
    []
  if (date === undefined || date.startsWith('0000')) return undefined
  const day = date.replaceAll(':', '-')
  const iso = time === undefined ? day : `${day}T${time}`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}
