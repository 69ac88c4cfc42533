/** Letters that Symbol, a font of old equations, shows in place of A to Z and a to z. */
const greek = 'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ'
/** Other signs of Symbol and Wingdings that stand for words, by font and code. */
const signs: ReadonlyMap<string, string> = new Map([
  ['symbol a3', '≤'],
  ['symbol a5', '∞'],
  ['symbol ae', '→'],
  ['symbol b0', '°'],
  ['symbol b1', '±'],
  ['symbol b3', '≥'],
  ['symbol b4', '×'],
  ['symbol b7', '•'],
  ['symbol b9', '≠'],
  ['symbol bb', '≈'],
  ['symbol ce', '∈'],
  ['symbol d6', '√'],
  ['symbol de', '⇒'],
  ['symbol e5', '∑'],
  ['symbol f2', '∫'],
  ['wingdings 6f', '☐'],
  ['wingdings a8', '☐'],
  ['wingdings e0', '→'],
  ['wingdings fb', '✗'],
  ['wingdings fc', '✓'],
  ['wingdings fd', '☒'],
  ['wingdings fe', '☑'],
])

/** The character that a font of symbols shows for a code (with or without the F000 of private use); empty when unknown. */
export function symbolText(font: string, code: number): string {
  const low = code & 0xff
  const family = font.toLowerCase().startsWith('wingdings') ? 'wingdings' : font.toLowerCase()
  const sign = signs.get(`${family} ${low.toString(16)}`)
  if (sign !== undefined) return sign
  if (family !== 'symbol') return ''
  if (low >= 0x41 && low <= 0x7a) return greek.charAt(low - 0x41)
  return low >= 0x20 && low < 0x41 ? String.fromCharCode(low) : ''
}
