/** Verbs whose forms no suffix rule brings together: base, past and participle where they differ. */
const IRREGULAR =
  'arise arose arisen|bear bore borne|beat beaten|become became|begin began begun|bend bent|bind bound|bite bit bitten|blow blew blown|break broke broken|bring brought|build built|buy bought|catch caught|choose chose chosen|come came|cost|cut|deal dealt|dig dug|do did done|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|fly flew flown|forbid forbade forbidden|forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hit|hold held|hurt|keep kept|know knew known|lay laid|lead led|leave left|lend lent|let|lie lain|lose lost|make made|mean meant|meet met|pay paid|put|read|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|sell sold|send sent|set|shake shook shaken|shine shone|show showed shown|shut|sing sang sung|sink sank sunk|sit sat|sleep slept|speak spoke spoken|spend spent|split|stand stood|steal stole stolen|stick stuck|strike struck|swim swam swum|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn|win won|withdraw withdrew withdrawn|write wrote written'
const BASES: ReadonlyMap<string, string> = new Map(
  IRREGULAR.split('|').flatMap((verb) => {
    const [base = '', ...forms] = verb.split(' ')
    return [base, ...forms].map((form) => [form, base] as const)
  }),
)

/** The base form of an irregular English verb (`paid` to `pay`), folded; other words as they are. */
export function baseOfVerb(folded: string): string {
  return BASES.get(folded) ?? (folded.endsWith('s') ? BASES.get(folded.slice(0, -1)) : undefined) ?? folded
}
