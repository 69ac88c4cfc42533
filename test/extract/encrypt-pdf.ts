import { createHash } from 'node:crypto'

/** How a PDF file is encrypted: what to write in its trailer, and how its streams are turned unreadable. */
export type PdfEncryption = {
  readonly trailer: string
  encrypt(objectNumber: number, bytes: Uint8Array): Uint8Array
}

/** ISO 32000-1, algorithm 2, step a. */
const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
const permissions = -44
const id = Buffer.alloc(16, 7)

/** The standard security handler with keys of 40 bits (ISO 32000-1, 7.6.3). */
export function encryptPdf(userPassword: string, ownerPassword: string): PdfEncryption {
  const owner = rc4(md5(padded(ownerPassword)).subarray(0, 5), padded(userPassword))
  const flags = Buffer.alloc(4)
  flags.writeInt32LE(permissions)
  const key = md5(padded(userPassword), owner, flags, id).subarray(0, 5)
  const hex = (bytes: Uint8Array) => `<${Buffer.from(bytes).toString('hex')}>`
  return {
    trailer: `/Encrypt << /Filter /Standard /V 1 /R 2 /P ${permissions} /O ${hex(owner)} /U ${hex(rc4(key, padding))} >> /ID [${hex(id)} ${hex(id)}]`,
    encrypt(objectNumber, bytes) {
      const salt = Buffer.alloc(5)
      salt.writeUIntLE(objectNumber, 0, 3)
      return rc4(md5(key, salt).subarray(0, 10), bytes)
    },
  }
}

function padded(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), padding]).subarray(0, 32)
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** OpenSSL 3 has it no more. */
function rc4(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i)
  const at = (index: number) => state[index & 255] ?? 0
  const swap = (i: number, j: number) => {
    const kept = at(i)
    state[i & 255] = at(j)
    state[j & 255] = kept
  }
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255
    swap(i, j)
  }
  let j = 0
  return bytes.map((byte, n) => {
    const i = (n + 1) & 255
    j = (j + at(i)) & 255
    swap(i, j)
    return byte ^ at(at(i) + at(j))
  })
}
