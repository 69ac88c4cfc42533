/**
 * How much a text decoded by guess reads like text: 0 (nonsense) to 1. ASCII characters do not count, as every guess
 * agrees on them; a text without others is 1.
 *
 * A wrong single-byte guess betrays itself within words: capitals after small letters (KOI8-R read as Windows-1251),
 * symbols between letters (ISO-8859-2 read as Windows-1252), two alphabets in one word, runs of accented letters. A wrong
 * East Asian guess gives characters that exist but are rare, hence the list of common ones.
 */
export function plausibility(text: string): number {
  let counted = 0
  let faults = 0
  let eastAsian = 0
  let familiar = 0
  let previous: CharacterClass = 'other'
  let accentedRun = 0
  const characters = [...text]
  const next = (i: number) => classOf(characters[i + 1] ?? ' ')
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? ''
    const kind = classOf(character)
    if (character >= '\x80') {
      counted++
      accentedRun = kind === 'latinLower' || kind === 'latinUpper' ? accentedRun + 1 : 0
      // The third accented letter in a row condemns the two before it too.
      if (accentedRun === 3) faults += 2
      if (kind === 'bad' || accentedRun >= 3 || isFault(previous, kind, next(i), character)) faults++
      if (kind === 'eastAsian') {
        eastAsian++
        if (isFamiliar(character)) familiar++
      }
    } else {
      accentedRun = 0
      if (isControl(character)) {
        counted++
        faults++
      }
      if (isMixed(previous, kind)) faults++
    }
    previous = kind
  }
  if (counted === 0) return 1
  // Common characters make up about half of real East Asian text, and under a tenth of a wrong guess.
  const unfamiliar = eastAsian === 0 ? 0 : Math.max(0, 1 - familiar / eastAsian / 0.3)
  return Math.max(0, 1 - (faults + unfamiliar * eastAsian) / counted)
}

type CharacterClass =
  | 'bad'
  | 'latinLower'
  | 'latinUpper'
  | 'cyrillicLower'
  | 'cyrillicUpper'
  | 'greekLower'
  | 'greekUpper'
  | 'eastAsian'
  | 'otherLetter'
  | 'symbol'
  | 'other'

function classOf(character: string): CharacterClass {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) {
    if (code >= 0x61 && code <= 0x7a) return 'latinLower'
    return code >= 0x41 && code <= 0x5a ? 'latinUpper' : 'other'
  }
  if (code < 0xa0 || (code >= 0xff61 && code <= 0xff9f)) return 'bad'
  if (code >= 0x400 && code < 0x530) return isUpper(character) ? 'cyrillicUpper' : 'cyrillicLower'
  if (code >= 0x370 && code < 0x400) return isUpper(character) ? 'greekUpper' : 'greekLower'
  if (isEastAsian(code)) return 'eastAsian'
  if (/[\p{Cn}\p{Co}\p{Cs}\ufffd]/u.test(character)) return 'bad'
  if (/\p{Script=Latin}/u.test(character) && !/[ªº]/.test(character)) {
    return isUpper(character) ? 'latinUpper' : 'latinLower'
  }
  if (/[\p{L}\p{M}]/u.test(character)) return 'otherLetter'
  return 'symbol'
}

function isControl(character: string): boolean {
  return character < ' ' && !/[\t\n\f\r]/.test(character)
}

function isUpper(character: string): boolean {
  return character !== character.toLowerCase()
}

function isEastAsian(code: number): boolean {
  return (
    (code >= 0x3041 && code <= 0x30ff) ||
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x20000 && code <= 0x3ffff)
  )
}

function isFault(
  previous: CharacterClass,
  kind: CharacterClass,
  next: CharacterClass,
  character: string,
): boolean {
  if (isCased(kind)) {
    return (previous.endsWith('Lower') && kind.endsWith('Upper')) || isMixed(previous, kind)
  }
  // Quotation marks, hyphens, spaces and the Catalan middle dot stand between letters; ±, ¹ and € do not.
  return kind === 'symbol' && isCased(previous) && isCased(next) && !/[\p{P}\u00a0\u00ad]/u.test(character)
}

function isCased(kind: CharacterClass): boolean {
  return kind.endsWith('Lower') || kind.endsWith('Upper')
}

function isMixed(previous: CharacterClass, kind: CharacterClass): boolean {
  return isCased(previous) && isCased(kind) && previous.slice(0, 5) !== kind.slice(0, 5)
}

function isFamiliar(character: string): boolean {
  return (character >= '\u3041' && character <= '\u30ff') || commonCharacters.has(character)
}

/** The most frequent characters of Chinese (simplified, traditional) and syllables of Korean. */
const commonCharacters: ReadonlySet<string> = new Set(
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法' +
    '学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外' +
    '将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立' +
    '及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许' +
    '這個們來為國說時會對後過發裡經麼學現當沒動還進樣開從軍無與長機關點業將兩間問應戰頭體見產話給門東聲員論處義幾認條氣題爾變總電數報務' +
    '場計資統區隊決馬書聽達強難權設類據邊張該規萬領確傳師觀讓識帶導爭運於並' +
    '이다는에의을를가은로하고지한사기도인어시리자그나대서해아정일있것스라들과수장안여부공전주원구제상보동면성위으유비조만선국물경년무트없적니요',
)
