/** The HTML standard looks in the first 1,024 bytes; real pages are later now and then. */
const PROBE_BYTES = 4096

/** The encoding that `<meta charset>`, its older `http-equiv` form or an XML declaration names. */
export function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PROBE_BYTES)).toString(
    'latin1',
  )
  const match =
    /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head) ??
    /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(head)
  return match?.[1]
}
