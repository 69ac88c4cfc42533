const COMMA = 44
const ZERO = 48

/** SQL for all numbers of a column, whole and not negative, as one value: to take each row from the driver costs several times as much. */
export function numberList(column: string): string {
  return `CAST(group_concat(${column}) AS BLOB)`
}

/**
 * The numbers of such a list, below 2^32, in its order. Read digit by digit from its bytes: lists of JSON become texts and
 * arrays of a megabyte each, which costs more for being collected again than for being read.
 */
export function readNumbers(list: Uint8Array | null | undefined): Uint32Array {
  if (list === null || list === undefined) return new Uint32Array(0)
  const numbers = new Uint32Array(Math.ceil(list.length / 2))
  let count = 0
  let number = 0
  for (let at = 0; at < list.length; at++) {
    const character = list[at] ?? COMMA
    if (character === COMMA) {
      numbers[count++] = number
      number = 0
    } else number = number * 10 + character - ZERO
  }
  numbers[count++] = number
  return numbers.slice(0, count)
}
