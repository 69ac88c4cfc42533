import type { Picture } from './exchange.js'

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif']
/** As many as the service takes of one question, and as many bytes. */
export const MAX_PICTURES = 16
export const MAX_PICTURE_BYTES = 14_000_000

export function isPicture(file: File): boolean {
  return TYPES.includes(file.type)
}

/** A file as the service takes it, with an address to show it by. */
export async function readPicture(file: File): Promise<Picture> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  // An argument for each byte: the stack bounds how many.
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return { mimeType: file.type, data: btoa(binary), url: URL.createObjectURL(file) }
}
