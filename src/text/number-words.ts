/** What a word adds to a number being read: a value of its own, or a factor for what stands before it. */
export type NumberWord = { readonly value: number } | { readonly factor: number }

const SMALL: readonly (readonly [value: number, words: string])[] = [
  [0, 'zero cero'],
  [1, 'one ein eins eine einen einem einer un una uno une'],
  [2, 'two zwei zwo dos deux both beide beiden ambos'],
  [3, 'three drei tres trois'],
  [4, 'four vier cuatro quatre'],
  [5, 'five funf fuenf cinco cinq'],
  [6, 'six sechs seis'],
  [7, 'seven sieben siete'],
  [8, 'eight acht ocho huit'],
  [9, 'nine neun nueve neuf'],
  [10, 'ten zehn diez dix'],
  [11, 'eleven elf onze'],
  [12, 'twelve zwolf zwoelf doce douze dozen dutzend docena douzaine'],
  [13, 'thirteen dreizehn trece treize'],
  [14, 'fourteen vierzehn catorce quatorze'],
  [15, 'fifteen funfzehn fuenfzehn quince quinze'],
  [16, 'sixteen sechzehn dieciseis seize'],
  [17, 'seventeen siebzehn diecisiete'],
  [18, 'eighteen achtzehn dieciocho'],
  [19, 'nineteen neunzehn diecinueve'],
  [20, 'twenty zwanzig veinte vingt'],
  [21, 'veintiuno veintiun veintiuna'],
  [22, 'veintidos'],
  [23, 'veintitres'],
  [24, 'veinticuatro'],
  [25, 'veinticinco'],
  [26, 'veintiseis'],
  [27, 'veintisiete'],
  [28, 'veintiocho'],
  [29, 'veintinueve'],
  [30, 'thirty dreissig treinta trente'],
  [40, 'forty vierzig cuarenta quarante'],
  [50, 'fifty funfzig fuenfzig cincuenta cinquante'],
  [60, 'sixty sechzig sesenta soixante'],
  [70, 'seventy siebzig setenta'],
  [80, 'eighty achtzig ochenta'],
  [90, 'ninety neunzig noventa'],
  [200, 'doscientos doscientas'],
  [300, 'trescientos trescientas'],
  [400, 'cuatrocientos cuatrocientas'],
  [500, 'quinientos quinientas'],
  [600, 'seiscientos seiscientas'],
  [700, 'setecientos setecientas'],
  [800, 'ochocientos ochocientas'],
  [900, 'novecientos novecientas'],
]
const FACTORS: readonly (readonly [factor: number, words: string])[] = [
  [100, 'hundred hundert cien ciento'],
  [1_000, 'thousand tausend mil mille'],
  [1_000_000, 'million millions millionen mio millon millones'],
  [1_000_000_000, 'billion billions milliarde milliarden mrd milliard milliards'],
]
const WORDS: ReadonlyMap<string, NumberWord> = new Map<string, NumberWord>([
  ...SMALL.flatMap(([value, words]) => words.split(' ').map((word) => [word, { value }] as const)),
  ...FACTORS.flatMap(([factor, words]) => words.split(' ').map((word) => [word, { factor }] as const)),
])
const GERMAN_TENS = /^(.+)und(zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig|achtzig|neunzig)$/
const GERMAN_LARGE = /^(.*?)(hundert|tausend)(?:und)?(.+)$|^(.+)(hundert|tausend)$/

/**
 * The number that one folded word says (`foldWord`), in English, German, Spanish or French: `forty`, `einundachtzig`,
 * `zweihundert`, `veintidós`. Undefined for other words, and for those that are something else in another of these
 * languages: `once` is eleven in Spanish only.
 */
export function readNumberWord(folded: string): NumberWord | undefined {
  const known = WORDS.get(folded)
  if (known !== undefined) return known
  const value = germanCompound(folded)
  return value === undefined ? undefined : { value }
}

function germanCompound(word: string): number | undefined {
  const tens = GERMAN_TENS.exec(word)
  if (tens !== null) return sum(numberOf(tens[1]), numberOf(tens[2]))
  const large = GERMAN_LARGE.exec(word)
  if (large === null) return undefined
  const [, before = large[4] ?? '', factor = large[5], after = ''] = large
  const times = before === '' ? 1 : numberOf(before)
  const rest = after === '' ? 0 : numberOf(after)
  return times === undefined ? undefined : sum(times * (factor === 'tausend' ? 1000 : 100), rest)
}

function numberOf(word: string | undefined): number | undefined {
  const found = word === undefined ? undefined : readNumberWord(word)
  return found !== undefined && 'value' in found ? found.value : undefined
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
