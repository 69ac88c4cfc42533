import { crc32 } from 'node:zlib'
import { GifWriter } from 'omggif'

/** Texts of EXIF tags by their number. */
type ExifTexts = Readonly<Record<number, string>>

export type JpegOptions = {
  readonly image?: ExifTexts
  readonly photo?: ExifTexts
  readonly place?: ExifTexts
  /** Inner XML of the RDF description. */
  readonly xmp?: string
}

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const utf8 = (text: string) => Buffer.from(text, 'utf8')

/** A JPEG picture of 40 by 30 pixels without any: only what it says of itself. */
export function jpegOf({ image = {}, photo = {}, place = {}, xmp }: JpegOptions): Uint8Array {
  const exif = Buffer.concat([latin1('Exif\0\0'), tiffOf(image, photo, place)])
  const packet =
    xmp === undefined
      ? []
      : [segment(0xe1, Buffer.concat([latin1('http://ns.adobe.com/xap/1.0/\0'), utf8(xmpOf(xmp))]))]
  const frame = Buffer.from([8, 0, 30, 0, 40, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
  return joined([
    latin1('\xff\xd8'),
    segment(0xe1, exif),
    ...packet,
    segment(0xc0, frame),
    latin1('\xff\xd9'),
  ])
}

/** A PNG picture of 40 by 30 pixels with texts: of ISO-8859-1 in `tEXt`, others in `iTXt`. */
export function pngOf(texts: Readonly<Record<string, string>>): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(40, 0)
  header.writeUInt32BE(30, 4)
  header.set([8, 2], 8)
  const chunks = Object.entries(texts).map(([name, text]) =>
    /^[\0-\xff]*$/.test(text)
      ? chunk('tEXt', latin1(`${name}\0${text}`))
      : chunk('iTXt', Buffer.concat([latin1(`${name}\0\0\0\0\0`), utf8(text)])),
  )
  return joined([
    latin1('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', header),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A GIF picture of 40 by 30 pixels. */
export function gifOf(): Uint8Array {
  return joined([latin1('GIF89a\x28\0\x1e\0\0\0\0\x3b')])
}

/** A GIF picture with one frame, all of it orange. */
export function framedGif(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(width * height + 1000)
  const gif = new GifWriter(bytes, width, height, { palette: [0xff8000, 0] })
  gif.addFrame(0, 0, width, height, new Array(width * height).fill(0))
  return Uint8Array.from(bytes.subarray(0, gif.end()))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

function segment(marker: number, content: Uint8Array): Uint8Array {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([latin1(type), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function xmpOf(inner: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`
}

/** A TIFF header with three directories, as EXIF has it: little endian, each entry a text or a pointer. */
function tiffOf(image: ExifTexts, photo: ExifTexts, place: ExifTexts): Uint8Array {
  const sizeOf = (texts: ExifTexts) => 2 + Object.keys(texts).length * 12 + 4
  const imageAt = 8
  const photoAt = imageAt + sizeOf(image) + 24
  const placeAt = photoAt + sizeOf(photo)
  const pointers = [
    [0x8769, photoAt],
    [0x8825, placeAt],
  ] as const
  let dataAt = placeAt + sizeOf(place)
  const data: Buffer[] = []
  const directory = (texts: ExifTexts, extra: readonly (readonly [number, number])[] = []) => {
    const entries = Object.entries(texts).map(([tag, text]) => {
      const value = utf8(`${text}\0`)
      const padded = value.length < 5 ? Buffer.concat([value, Buffer.alloc(5 - value.length)]) : value
      const entry = entryOf(Number(tag), 2, padded.length, dataAt)
      data.push(padded)
      dataAt += padded.length
      return entry
    })
    const all = [...entries, ...extra.map(([tag, at]) => entryOf(tag, 4, 1, at))]
    const count = Buffer.alloc(2)
    count.writeUInt16LE(all.length)
    return Buffer.concat([count, ...all, Buffer.alloc(4)])
  }
  const directories = [directory(image, pointers), directory(photo), directory(place)]
  return Buffer.concat([latin1('II*\0\x08\0\0\0'), ...directories, ...data])
}

function entryOf(tag: number, type: number, count: number, value: number): Buffer {
  const entry = Buffer.alloc(12)
  entry.writeUInt16LE(tag, 0)
  entry.writeUInt16LE(type, 2)
  entry.writeUInt32LE(count, 4)
  entry.writeUInt32LE(value, 8)
  return entry
}
