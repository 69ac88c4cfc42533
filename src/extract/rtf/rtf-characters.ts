import { decodeBytes } from '../encoding/decode-bytes.js'

/** Windows code pages by the character sets of fonts (`\fcharset`). */
const pageByCharset: Readonly<Record<number, number>> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
}
/** Their names in the Encoding Standard, where these do not follow the number. */
const labelByPage: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  21866: 'koi8-u',
  54936: 'gb18030',
  65001: 'utf-8',
}

/** Control words that stand for a character. */
export const characterWords: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  softline: '\n',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  '~': ' ',
  _: '-',
  '{': '{',
  '}': '}',
  '\\': '\\',
}

export function pageOfCharset(charset: number): number | undefined {
  return pageByCharset[charset]
}

/** Bytes as text; pages that nobody can decode are taken for the Western European one. */
export function decodePage(bytes: string, page: number): string {
  if (/^[\x20-\x7f]*$/.test(bytes)) return bytes
  const buffer = Buffer.from(bytes, 'latin1')
  return decodeBytes(labelOf(page), buffer)
}

function labelOf(page: number): string {
  const known = labelByPage[page]
  if (known !== undefined) return known
  if (page >= 1250 && page <= 1258) return `windows-${page}`
  return page >= 28592 && page <= 28606 && page !== 28602 ? `iso-8859-${page - 28590}` : 'windows-1252'
}
