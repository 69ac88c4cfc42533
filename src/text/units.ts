import { foldWord } from './fold-word.js'

/** What a unit measures, and how many of the dimension's base unit it is. */
export type Unit = { readonly dimension: string; readonly factor: number }

type Row = readonly [dimension: string, factor: number, symbols: string, words: string]

/** Symbols count as they are written (`A` is an ampere, `a` an article), words in any case and with or without accents. */
const UNITS: readonly Row[] = [
  ['time', 1, 's', 'sec second seconds sekunde sekunden segundo segundos seconde secondes 秒'],
  ['time', 60, 'min', 'minute minutes minuten minuto minutos 分 分钟 分鐘 分間'],
  ['time', 3600, 'h', 'hr hrs hour hours stunde stunden hora horas heure heures 小时 小時 時間'],
  ['time', 86_400, 'd', 'day days tag tage tagen dia dias jour jours 天 日間'],
  ['time', 604_800, '', 'week weeks woche wochen semana semanas semaine semaines 周 週 週間 星期'],
  ['months', 1, '', 'month months monat monate monaten mes meses mois 个月 個月 ヶ月 か月 カ月'],
  ['months', 12, '', 'year years jahr jahre jahren ano anos ans annee annees 年间 年間'],
  ['length', 0.001, 'mm', 'millimetre millimetres millimeter millimeters milimetro milimetros 毫米'],
  [
    'length',
    0.01,
    'cm',
    'centimetre centimetres centimeter centimeters zentimeter centimetro centimetros 厘米 センチ センチメートル',
  ],
  ['length', 1, 'm', 'metre metres meter meters metern metro metros 米 公尺 メートル'],
  [
    'length',
    1000,
    'km',
    'kilometre kilometres kilometer kilometers kilometern kilometro kilometros 公里 千米 キロメートル',
  ],
  ['mass', 1, 'g', 'gram grams gramm gramo gramos 克 グラム'],
  [
    'mass',
    1000,
    'kg',
    'kilo kilos kilogram kilograms kilogramm kilogramo kilogramos 公斤 千克 キログラム キロ',
  ],
  ['mass', 1_000_000, 't', 'tonne tonnes tonnen tonelada toneladas 吨 トン'],
  ['volume', 0.001, 'ml mL', 'millilitre millilitres milliliter milliliters mililitro mililitros 毫升'],
  ['volume', 0.1, 'dl', 'deciliter deziliter'],
  ['volume', 1, 'l L', 'litre litres liter liters litro litros 升 リットル'],
  ['speed', 1, 'km/h', 'kmh kph'],
  ['speed', 3.6, 'm/s', ''],
  ['temperature', 1, '°C ° ℃', 'degree degrees grad grados 度'],
  ['share', 1, '%', 'percent prozent pct パーセント'],
  ['euro', 1, '€', 'eur euro euros 欧元 ユーロ'],
  ['euro', 0.01, '', 'cent cents centimo centimos'],
  ['dollar', 1, '$', 'usd dollar dollars dolar dolares 美元 ドル'],
  ['pound', 1, '£', 'gbp pound pounds'],
  ['mark', 1, '', 'mark marks'],
  ['yen', 1, '¥', 'yen 円 元'],
  ['voltage', 1, 'V', 'volt volts voltios'],
  ['current', 1, 'A', 'amp amps ampere amperes amperios'],
  ['charge', 1, 'Ah', ''],
  ['power', 0.001, 'mW', 'milliwatt milliwatts'],
  ['power', 1, 'W', 'watt watts vatios'],
  ['power', 1000, 'kW', 'kilowatt kilowatts'],
  ['energy', 1, 'kWh', ''],
  ['force', 1, 'N', 'newton newtons'],
  ['torque', 1, 'Nm', ''],
  ['resistance', 1, 'Ω', 'ohm ohms'],
  ['pressure', 1, 'hPa', ''],
  ['frequency', 1, 'Hz', 'hertz'],
  ['frequency', 1_000_000, 'MHz', ''],
  ['frequency', 1_000_000_000, 'GHz', ''],
  ['data', 1, '', 'byte bytes'],
  ['data', 1000, 'kB KB', ''],
  ['data', 1_000_000, 'MB', ''],
  ['data', 1_000_000_000, 'GB', ''],
]
const namesOf = (names: string): string[] => names.split(' ').filter((name) => name !== '')
const SYMBOLS: ReadonlyMap<string, Unit> = new Map(
  UNITS.flatMap(([dimension, factor, symbols]) =>
    namesOf(symbols).map((name) => [name, { dimension, factor }] as const),
  ),
)
const WORDS: ReadonlyMap<string, Unit> = new Map(
  UNITS.flatMap(([dimension, factor, , words]) =>
    namesOf(words).map((name) => [foldWord(name), { dimension, factor }] as const),
  ),
)

/** The unit of that symbol or name, in English, German, Spanish, French, Chinese or Japanese; undefined for anything else. */
export function unitOf(name: string): Unit | undefined {
  return SYMBOLS.get(name) ?? WORDS.get(foldWord(name))
}

/** Shorter ones are symbols, which are words as well: `min` of `Temp. min`. */
const MIN_UNIT_WORD_CHARS = 4

/** The unit that a word by itself names, without a number: `in millimetres`, `Days with cover`. */
export function unitOfWord(word: string): Unit | undefined {
  return word.length < MIN_UNIT_WORD_CHARS ? undefined : unitOf(word)
}

/** The dimensions that are money. */
export const CURRENCIES: ReadonlySet<string> = new Set(['euro', 'dollar', 'pound', 'mark', 'yen'])
