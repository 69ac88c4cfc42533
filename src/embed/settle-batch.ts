import { GemdexError } from '../errors.js'
import { BadVectorsError } from './check-vectors.js'

/** What became of one request: `remaining` are the texts that got no vector, `blame` says why, if there are any. */
export type Attempt<Text> = { readonly remaining: readonly Text[]; readonly blame?: GemdexError }

export type SettleOptions<Text> = {
  /**
   * Sends texts in one request, with all the patience that is due, and keeps the vectors that come. Throws what is fatal
   * for every text; gives what may be the fault of some.
   */
  readonly attempt: (texts: readonly Text[]) => Promise<Attempt<Text>>
  /** Takes note that a text has no vector for good. May throw to end it all. */
  readonly refuse: (text: Text, blame: GemdexError) => void
  /** Whether something was refused and nothing has ever gone through, so that it may be no text's fault. */
  readonly isDoubtful: () => boolean
}

/**
 * Settles each text of a batch: embedded, or refused. A text that the service names is refused at once, and the others
 * are sent again. One that it does not name is found by halving, in at most 1 + log2(n) requests (8 for 100 texts), and one
 * more sends what is left; none is refused that was not itself in the smallest refused part.
 * Texts whose vectors are missing or no good are asked for once more, each by itself. Throws what is fatal, among it a
 * refusal of everything that was ever sent: that is no text's fault.
 */
export async function settleBatch<Text>(texts: readonly Text[], options: SettleOptions<Text>): Promise<void> {
  if (texts.length === 0) return
  const { blame, remaining } = await options.attempt(texts)
  if (blame !== undefined) await settleRemaining(remaining, blame, options)
}

async function settleRemaining<Text>(
  texts: readonly Text[],
  blame: GemdexError,
  options: SettleOptions<Text>,
): Promise<void> {
  const [first] = texts
  if (first === undefined) return
  if (blame instanceof BadVectorsError) return settleSingly(texts, blame, options)
  const named = blame.inputIndex === undefined ? undefined : texts[blame.inputIndex]
  if (named !== undefined) {
    options.refuse(named, blame)
    return settleBatch(
      texts.filter((text) => text !== named),
      options,
    )
  }
  if (texts.length === 1) return options.refuse(first, blame)
  if (blame.field === undefined) return settleByHalving(texts, blame, options)
  // Too much at once: no text need be at fault.
  const half = texts.length >> 1
  await settleBatch(texts.slice(0, half), options)
  await settleBatch(texts.slice(half), options)
}

async function settleSingly<Text>(
  texts: readonly Text[],
  blame: GemdexError,
  { attempt, refuse }: SettleOptions<Text>,
): Promise<void> {
  for (const text of texts) {
    const again = await attempt([text])
    if (again.remaining.length > 0) refuse(text, again.blame ?? blame)
  }
}

/** Finds one text for whose sake all of `texts` were refused, and settles the others: there may be more. */
async function settleByHalving<Text>(
  texts: readonly Text[],
  blame: GemdexError,
  options: SettleOptions<Text>,
): Promise<void> {
  let suspects = await withoutControl(texts, options)
  let unsent: readonly Text[] = []
  let wasNarrowed = false
  while (suspects.length > 1) {
    const half = suspects.slice(0, suspects.length >> 1)
    const others = suspects.slice(half.length)
    const outcome = await options.attempt(half)
    if (outcome.blame === undefined) {
      suspects = others
    } else if (isUnnamed(outcome.blame)) {
      suspects = half
      unsent = [...unsent, ...others]
      wasNarrowed = true
    } else {
      await settleRemaining(outcome.remaining, outcome.blame, options)
      return settleBatch([...others, ...unsent], options)
    }
  }
  const [suspect] = suspects
  // When no part was refused, only the whole, it may have been the whole's fault, or chance.
  if (suspect !== undefined && wasNarrowed) options.refuse(suspect, blame)
  else await settleBatch(suspects, options)
  await settleBatch(unsent, options)
}

/**
 * Where it is doubtful that any text will go through, sends one by itself to see. Gives the others; throws the refusal.
 */
async function withoutControl<Text>(
  texts: readonly Text[],
  { attempt, isDoubtful }: SettleOptions<Text>,
): Promise<readonly Text[]> {
  if (!isDoubtful()) return texts
  const { blame } = await attempt(texts.slice(-1))
  if (blame !== undefined) throw blame
  return texts.slice(0, -1)
}

function isUnnamed({ code, field, inputIndex }: GemdexError): boolean {
  return code === 'REQUEST_REFUSED' && field === undefined && inputIndex === undefined
}

/** Whether an error may be the fault of some of the texts, so that the others can still be embedded. */
export function mayBlameTexts(error: unknown): error is GemdexError {
  if (!(error instanceof GemdexError)) return false
  if (error instanceof BadVectorsError || error.inputIndex !== undefined) return true
  return error.code === 'REQUEST_REFUSED' && (error.field === undefined || error.field === 'payload')
}
