import burner from '@kenjiuno/msgreader/lib/Burner.js'

/** A property by its tag, such as `0037` for the subject. Texts are kept in UTF-16, or in a code page as bytes with type `001E`. */
type Property = readonly [tag: string, value: string | Uint8Array, type?: string]

type MsgAttachment = { readonly name: string; readonly bytes: Uint8Array }

export type MsgOptions = {
  readonly properties: readonly Property[]
  readonly recipients?: readonly { readonly kind: 1 | 2; readonly name: string; readonly address: string }[]
  readonly attachments?: readonly MsgAttachment[]
  /** When it was sent. */
  readonly sent?: Date
  readonly codePage?: number
}

type Entry = Parameters<typeof burner.burn>[0][number]

const DIRECTORY = 1
const DOCUMENT = 2
const ROOT = 5
/** Milliseconds from 1601 to 1970. */
const EPOCH_MS = 11_644_473_600_000

/** An Outlook message ([MS-OXMSG]) of these properties: streams named by tag and type in a compound file. */
export function msgOf({
  properties,
  recipients = [],
  attachments = [],
  sent,
  codePage,
}: MsgOptions): Uint8Array {
  const entries: Entry[] = [{ name: 'Root Entry', type: ROOT, children: [], length: 0 }]
  const add = (parent: number, entry: Entry): number => {
    const index = entries.push(entry) - 1
    entries[parent]?.children?.push(index)
    return index
  }
  const addStream = (parent: number, name: string, bytes: Uint8Array) =>
    // Copied, as the library reads the whole buffer that an array lies in.
    add(parent, { name, type: DOCUMENT, length: bytes.length, binaryProvider: () => Uint8Array.from(bytes) })
  const addProperties = (parent: number, list: readonly Property[]) => {
    for (const [tag, value, type] of list) {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf16le') : value
      addStream(parent, `__substg1.0_${tag}${type ?? (typeof value === 'string' ? '001F' : '0102')}`, bytes)
    }
  }
  addStream(
    0,
    '__properties_version1.0',
    fixedProperties(32, [
      ...(sent === undefined ? [] : [fileTime(0x0039_0040, sent)]),
      ...(codePage === undefined ? [] : [integer(0x3ffd_0003, codePage)]),
    ]),
  )
  addProperties(0, properties)
  recipients.forEach(({ kind, name, address }, i) => {
    const folder = add(0, {
      name: `__recip_version1.0_#0000000${i}`,
      type: DIRECTORY,
      children: [],
      length: 0,
    })
    addStream(folder, '__properties_version1.0', fixedProperties(8, [integer(0x0c15_0003, kind)]))
    addProperties(folder, [
      ['3001', name],
      ['39FE', address],
    ])
  })
  attachments.forEach(({ name, bytes }, i) => {
    const folder = add(0, {
      name: `__attach_version1.0_#0000000${i}`,
      type: DIRECTORY,
      children: [],
      length: 0,
    })
    addStream(folder, '__properties_version1.0', fixedProperties(8, []))
    addProperties(folder, [
      ['3707', name],
      ['3701', bytes],
    ])
  })
  return burner.burn(entries)
}

/** A header of zeros, then 16 bytes for each property. */
function fixedProperties(headerBytes: number, list: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Buffer.alloc(headerBytes), ...list])
}

function integer(tag: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(tag, 0)
  bytes.writeInt32LE(value, 8)
  return bytes
}

function fileTime(tag: number, date: Date): Uint8Array {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(tag, 0)
  bytes.writeBigUInt64LE(BigInt(date.getTime() + EPOCH_MS) * 10_000n, 8)
  return bytes
}

/** RTF as the body of a message, in the form for what does not compress ([MS-OXRTFCP] 2.1.3.1). */
export function rtfBodyOf(rtf: string): Uint8Array {
  const body = Buffer.from(rtf, 'latin1')
  const head = Buffer.alloc(16)
  head.writeUInt32LE(body.length + 12, 0)
  head.writeUInt32LE(body.length, 4)
  head.write('MELA', 8, 'latin1')
  return Uint8Array.from(Buffer.concat([head, body]))
}
