import type { Quantity } from '../text/quantity.js'
import { isCalendarWord } from '../text/read-dates.js'
import type { Statement } from '../text/read-statement.js'
import type { Span } from '../text/split-sentences.js'
import { CURRENCIES, unitOf } from '../text/units.js'

/** What kind of thing a question asks for. `open` when nothing tells. */
export type AnswerKind =
  | 'person'
  | 'place'
  | 'date'
  | 'time'
  | 'duration'
  | 'money'
  | 'amount'
  | 'reason'
  | 'open'

export type QuestionType = {
  readonly kind: AnswerKind
  /** The dimension that an amount is asked in (`how many days`, `which voltage`), where it tells. */
  readonly dimension?: string
  /** Where the words that ask stand, which need not be in the answer. UTF-16 offsets into the question. */
  readonly asking: Span
  /** Where the noun stands that tells the kind (`price`, `age`): an answer of that kind need not have it. */
  readonly named?: Span
  /** Where the sentence begins that asks: what stands before it only leads to it. */
  readonly from: number
}

const MONEY =
  /\b(?:costs?|prices?|pay|pays|paid|earn|fees?|rent|salary|wages?|money|charge|budget|kostet?|kosten|preise?|zahlen|bezahlen|gebühr|miete|lohn|gehalt|geld|betrag|cuesta|cost[oóa]|costar|precio|pagar|paga|cobra|sueldo|dinero|tarifa|coûte|prix|payer)\b|价格|费用|いくら|料金/iu
const RULES: readonly (readonly [kind: AnswerKind, pattern: RegExp])[] = [
  [
    'duration',
    /\bhow (?:long|much time)\b|\bwie lange\b|\bcu[aá]nto tiempo\b|\bcombien de temps\b|多久|多长时间|どのくらいの期間|何時間/iu,
  ],
  [
    'date',
    /\b(?:what|which) (?:date|day|weekday|month|afternoon|morning|evening)s?\b|\bwelche[mnrs]? (?:tage?n?|datum|nachmittag|vormittag|abend|monat)\b|\bqu[eé] (?:d[ií]as?|fecha|mes|tarde|mañana)\b|\bquel(?:le)? (?:jour|date|mois)\b|何日|哪天/iu,
  ],
  [
    'time',
    /\bwhen\b|\b(?:what|which) (?:time|hour|year)s?\b|\bwann\b|\bwelche[mnrs]? (?:uhrzeit|jahr)\b|\bcuándo\b|^\W*cuando\b|\bqu[eé] (?:hora|año)\b|\bquand\b|什么时候|何时|いつ|何時|几点/iu,
  ],
  [
    'amount',
    /\bhow (?:many|much|far|high|tall|old|deep|fast|heavy|large|big|often|cold|warm|hot|wide)\b|\bwie (?:viele?|hoch|weit|alt|tief|schnell|schwer|groß|oft|kalt|warm|breit)\b|\bcu[aá]nt[oa]s?\b|\bcombien\b|多少|几|いくつ|いくら|何(?:人|個|本|枚|回)/iu,
  ],
  ['person', /\bwho(?:m|se)?\b|\bwe(?:r|m|n|ssen)\b|\bqui[eé]n(?:es)?\b|^\W*qui\b|谁|誰|だれ/iu],
  ['place', /\bwhere\b|\bwo(?:hin|her)?\b|\bd[oó]nde\b|\boù\b|哪里|在哪|どこ/iu],
  ['reason', /\bwhy\b|\bwarum\b|\bweshalb\b|\bwieso\b|\bpor qu[eé]\b|\bpourquoi\b|为什么|なぜ|どうして/iu],
  [
    'open',
    /\b(?:what|which|how)\b|\bwelche[mnrs]?\b|\bwas\b|\bwie\b|\bqu[eé]\b|\bcu[aá]l(?:es)?\b|\bc[oó]mo\b|什么|怎么|何|どう/iu,
  ],
]
/** The dimension of a number that names something: `which account number`. */
const NO_UNIT = 'none'
/** What is asked for by its noun: `which voltage`, `the minimum age`. */
const MEASURES: readonly (readonly [dimension: string, pattern: RegExp])[] = [
  ['voltage', /\bvoltage\b|\bspannung\b|\bvoltaje\b/iu],
  [
    'temperature',
    /\btemperature\b|\btemperatur\b|\bkälte\b|\bhow (?:cold|warm|hot)\b|\bwie (?:kalt|warm)\b|\btemperatura\b/iu,
  ],
  ['mass', /\bweight\b|\bhow heavy\b|\bgewicht\b|\bwie schwer\b|\bpeso\b/iu],
  ['share', /\bpercent(?:age)?\b|\bprozent\b|\bporcentaje\b/iu],
  [NO_UNIT, /\b(?:number|nummer|telefonnummer|kontonummer|número|numéro)\b|电话号码|電話番号|番号/iu],
  ['any', /\bage\b|\bhow (?:old|many|far|high|tall|deep|often)\b|\bmindestalter\b|\bedad\b/iu],
]
const REASONS =
  /\b(?:because|since(?! (?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun))|due to|so that|therefore|caused?|reasons?|weil|denn|deshalb|damit|wegen|grund|porque|debido|ya que|para que|car|parce)\b|因为|因為|ため|から/iu
/** A condition first, then what is asked: `When I test the gauge, how much water do I pour?`. */
const CONDITION =
  /^\W*(?:when|if|wenn|falls|cuando|si|quand)\b.*?,\s*(?=(?:how|what|who|which|where|why|do|does|can|may|must|should|w[aei]|muss|darf|kann|soll|qu[eéi]|cu[aá]|d[oó]nde|puedo|debo))/iu

/** Reads what a question asks for, in English, German, Spanish, French, Chinese or Japanese. */
export function readQuestionType(question: string): QuestionType {
  const from = Math.max(lastQuestion(question), CONDITION.exec(question)?.[0].length ?? 0)
  const asked = question.slice(from)
  const find = (pattern: RegExp): Span | undefined => {
    const match = pattern.exec(asked)
    return match === null
      ? undefined
      : { start: from + match.index, end: from + match.index + match[0].length }
  }
  // The first word that asks decides; of several rules for it, the first.
  const [first] = RULES.flatMap(([kind, pattern]) => {
    const span = find(pattern)
    return span === undefined ? [] : [{ kind, span }]
  }).sort((a, b) => a.span.start - b.span.start)
  const asking = first?.span ?? { start: from, end: from }
  const kind = first?.kind ?? 'open'
  if (kind !== 'open' && kind !== 'amount') return { kind, asking, from }
  const counted = kind === 'amount' ? unitBehind(question, asking.end) : undefined
  if (counted !== undefined) return { kind, dimension: counted, asking, from }
  const [measure] = MEASURES.flatMap(([dimension, pattern]) => {
    const span = find(pattern)
    return span === undefined ? [] : [{ dimension, span }]
  })
  if (measure !== undefined && measure.dimension !== 'any')
    return { kind: 'amount', dimension: measure.dimension, named: measure.span, asking, from }
  const money = find(MONEY)
  if (money !== undefined) return { kind: 'money', named: money, asking, from }
  if (measure !== undefined) return { kind: 'amount', named: measure.span, asking, from }
  return { kind, asking, from }
}

/** Of several sentences, the last one that asks. */
function lastQuestion(question: string): number {
  const end = question.trimEnd().length - 1
  if (!/[?？]/.test(question.charAt(end))) return 0
  const before = question.slice(0, end)
  return Math.max(...['. ', '? ', '! ', '。', '？'].map((mark) => before.lastIndexOf(mark))) + 1
}

/** `how many days`: the word behind is a unit. */
function unitBehind(question: string, at: number): string | undefined {
  const next = /^[\s-]*(\p{L}+)/u.exec(question.slice(at))?.[1]
  return next === undefined || next.length < 3 ? undefined : unitOf(next)?.dimension
}

/** Whether a statement has something of the kind asked for that the question does not have itself. */
export function isOfKind({ kind, dimension }: QuestionType, statement: Statement, asked: Statement): boolean {
  const amounts = statement.quantities.filter(
    (quantity) =>
      !asked.quantities.some((other) => other.values.some((value) => quantity.values.includes(value))),
  )
  const hasDimension = (...dimensions: readonly string[]) =>
    amounts.some((amount) => amount.dimension !== undefined && dimensions.includes(amount.dimension))
  switch (kind) {
    case 'person':
    case 'place':
      return statement.names.some(({ words }) => words.some((word) => !asked.folded.includes(word)))
    case 'date':
      return (
        amounts.some((amount) => amount.date !== undefined) ||
        statement.folded.some((word) => isCalendarWord(word) && !asked.folded.includes(word))
      )
    case 'time':
      return (
        amounts.some((amount) => amount.date !== undefined || isYear(amount)) ||
        hasDimension('clock', 'time', 'months') ||
        statement.folded.some((word) => isCalendarWord(word) && !asked.folded.includes(word))
      )
    case 'duration':
      return hasDimension('time', 'months')
    case 'money':
      return hasDimension(...CURRENCIES) || isRowOf(statement, amounts)
    case 'amount':
      if (dimension === undefined) return amounts.some(({ values }) => values.length > 0)
      // A number that names something has no unit: `30 minutes` is no telephone number, a date no number of an account.
      if (dimension === NO_UNIT) return amounts.some(isBare)
      return (
        hasDimension(dimension, ...(isTime(dimension) ? ['time', 'months'] : [])) ||
        isRowOf(statement, amounts)
      )
    case 'reason':
      return REASONS.test(statement.text)
    case 'open':
      return true
  }
}

/** In a table the unit stands at the head, if anywhere. */
function isRowOf({ text }: Statement, amounts: readonly Quantity[]): boolean {
  return (
    text.includes('|') &&
    amounts.some(({ dimension, values }) => dimension === undefined && values.length > 0)
  )
}

function isBare({ values, dimension, date }: Quantity): boolean {
  return values.length > 0 && dimension === undefined && date === undefined
}

function isYear({ values: [value], dimension }: Quantity): boolean {
  return dimension === undefined && value !== undefined && value >= 1500 && value <= 2100
}

function isTime(dimension: string): boolean {
  return dimension === 'time' || dimension === 'months'
}
