/** Whether a file or folder name begins with one dot. (`..` at the start of a longer name hides nothing.) */
export function isHiddenName(name: string): boolean {
  return /^\.[^.]/.test(name)
}
