import { GemdexError } from '../../errors.js'

const COMMA = 44
const ZERO = 48
const LARGEST = 2 ** 32 - 1

/** SQL for all numbers of a column, whole and not negative, as one value: to take each row from the driver costs several times as much. */
export function numberList(column: string): string {
  return `CAST(group_concat(${column}) AS BLOB)`
}

/**
 * The numbers of such a list, below 2^32, in its order. Read digit by digit from its bytes: lists of JSON become texts and
 * arrays of a megabyte each, which costs more for being collected again than for being read. Throws STORE_CORRUPT for others, which
 * no id is that the index has given.
 */
export function readNumbers(list: Uint8Array | null | undefined): Uint32Array {
  if (list === null || list === undefined) return new Uint32Array(0)
  const numbers = new Uint32Array(Math.ceil(list.length / 2))
  let count = 0
  let number = 0
  for (let at = 0; at <= list.length; at++) {
    const digit = (list[at] ?? COMMA) - ZERO
    if (digit >= 0 && digit <= 9) number = number * 10 + digit
    else if (digit !== COMMA - ZERO || number > LARGEST) throw foreign()
    else {
      numbers[count++] = number
      number = 0
    }
  }
  return numbers.slice(0, count)
}

function foreign(): GemdexError {
  return new GemdexError('STORE_CORRUPT', 'The index has ids that it cannot have given', {
    hint: '`gemdex verify` says what is broken.',
  })
}
