/** Headers are in front; a subject that comes later than this is none. */
const HEAD_BYTES = 64 * 1024

/**
 * The subject of a mail (RFC 5322) by its header alone; `decodeWords` decodes the encoded words of RFC 2047.
 */
export function readSubject(mail: Uint8Array, decodeWords: (text: string) => string): string | undefined {
  const text = new TextDecoder('utf-8').decode(mail.subarray(0, HEAD_BYTES))
  const end = text.search(/\r?\n\r?\n/)
  const head = end < 0 ? text : text.slice(0, end)
  const value = /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(head)?.[1]
  const subject = value === undefined ? '' : decodeWords(value.replace(/\r?\n[ \t]+/g, ' ')).trim()
  return subject === '' ? undefined : subject
}
