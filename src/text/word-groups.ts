import { lazy } from '../lazy.js'
import { DEFAULT_LANGUAGE, termOf } from './analyze.js'

/** Everyday words that one may put for another. */
const SYNONYMS =
  'day daily täglich diario|week weekly wöchentlich semanal|month monthly monatlich mensual|year yearly annual annually jährlich anual|' +
  'keep store save retain retention hold|pay payment payable refund reimburse compensate|' +
  'cost price charge fee rate|allow permit permission|forbid prohibit ban|' +
  'need require necessary|receive reception obtain|give provide provision offer supply|' +
  'begin start|end finish|replace exchange swap change|' +
  'repair fix mend|check inspect examine test|buy purchase|' +
  'holiday vacation leave|next following subsequent|previous earlier former|whole entire full complete|employee staff|sick ill|picture image photo photograph|' +
  'erhalten erhält bekommen bekommt|kosten kostet preis gebühr|wechseln tauschen austauschen ersetzen|' +
  'coste costo precio cuesta|empezar comenzar|recibir obtener'

/** English nouns of verbs and of adjectives whose root changes with the ending, so that no rule for endings brings them together. */
const DERIVED =
  'abstain abstention|acquire acquisition|admit admission|advise advice|angry anger|apply application|assume assumption|believe belief|' +
  'birth born|broad breadth|choose choice|collide collision|compete competition|conclude conclusion|consume consumption|convert conversion|' +
  'deceive deception|decide decision|deduce deduction|deep depth|defend defense defence|deny denial|describe description|destroy destruction|' +
  'detain detention|die dead death|dispose disposition|divide division|emit emission|erode erosion|exceed excess|exclude exclusion|' +
  'expand expansion|explain explanation|explode explosion|extend extension|fail failure|fly flight|grow growth|high height|hot heat|' +
  'hungry hunger|identify identification|imply implication|include inclusion|introduce introduction|invade invasion|justify justification|' +
  'know knowledge|life live|long length|lose loss|maintain maintenance|marry marriage|modify modification|notify notification|omit omission|' +
  'oppose opposition|perceive perception|prescribe prescription|produce production|prove proof|qualify qualification|reduce reduction|' +
  'repeat repetition|resolve resolution|respond response|reveal revelation|satisfy satisfaction|see sight|seize seizure|sell sale|' +
  'simplify simplification|solve solution|speak speech|specify specification|strong strength|submit submission|subscribe subscription|' +
  'succeed success|suspend suspension|sustain sustenance|think thought|transmit transmission|verify verification|warm warmth|' +
  'weigh weight|wide width|young youth'

/** American and British English, where neither word has another meaning that is as common. */
const DIALECTS =
  'airplane aeroplane|aluminum aluminium|antenna aerial|center centre|color colour|counterclockwise anticlockwise|diaper nappy|' +
  'eggplant aubergine|fiber fibre|flashlight torch|garbage rubbish trash|gasoline petrol|gray grey|highway motorway|' +
  'jewelry jewellery|license licence|liter litre|math maths|meter metre|movie film|pajamas pyjamas|plow plough|' +
  'program programme|railroad railway|schedule timetable|sidewalk pavement|stroller pram|theater theatre|tire tyre|' +
  'truck lorry|windshield windscreen|wrench spanner|zucchini courgette'

/** Stemming them takes 5 ms, which who compares no words goes without. */
const groups = lazy(
  (): ReadonlyMap<string, number> =>
    new Map(
      [SYNONYMS, DERIVED, DIALECTS]
        .join('|')
        .split('|')
        .flatMap((group, i) => group.split(' ').map((word) => [stemOf(word), i] as const)),
    ),
)

/** The group of words that a word belongs to, whatever its form: any of them may stand for it. `base` is that of an irregular verb. */
export function wordGroupOf(term: string, base: string): number | undefined {
  const groupOf = groups()
  return groupOf.get(term) ?? groupOf.get(stemOf(base))
}

function stemOf(word: string): string {
  return termOf(word, DEFAULT_LANGUAGE)
}
