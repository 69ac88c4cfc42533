import { createRequire } from 'node:module'
import { codePageLabel } from '../code/code-page.js'
import { decodeBytes } from '../encoding/decode-bytes.js'

export type RtfBody = { readonly plain?: string; readonly html?: string; readonly rtf?: Uint8Array }

/**
 * The body of an Outlook message that is kept as compressed RTF ([MS-OXRTFCP]): the plain text or HTML that Outlook wrapped
 * into it ([MS-OXRTFEX]), or the RTF itself where it wraps nothing. Throws when it cannot be unpacked.
 */
export function readRtfBody(compressed: Uint8Array): RtfBody {
  const require = createRequire(import.meta.url)
  const { decompressRTF }: typeof import('@kenjiuno/decompressrtf') = require('@kenjiuno/decompressrtf')
  const { deEncapsulateSync }: typeof import('rtf-stream-parser') = require('rtf-stream-parser')
  const rtf = Buffer.from(decompressRTF([...compressed]))
  if (!/\\from(?:html|text)/.test(rtf.toString('latin1', 0, 1024))) return { rtf }
  const { mode, text } = deEncapsulateSync(rtf, { decode: decodeCodePage, mode: 'either' })
  const body = text.toString().replace(/\r\n?/g, '\n')
  return mode === 'html' ? { html: body } : { plain: body }
}

/** Encodings come as `cp1252`. */
function decodeCodePage(bytes: Buffer, encoding: string): string {
  const codePage = Number(/\d+/.exec(encoding)?.[0])
  return decodeBytes(codePageLabel(codePage) ?? 'windows-1252', bytes)
}
