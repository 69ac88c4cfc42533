/** Bullets, and numbers or letters with a point or brackets: `•`, `–`, `1.`, `2)`, `(a)`, `[12]`, `iv.`. */
const marker =
  /^(?:[•◦▪▫‣⁃●○■□◆◇➢➤✓✔❖⁎*·–—-]|\(?(?:\d{1,3}|\p{L}|[ivxIVX]{1,5})[.)]|\[\d{1,4}\]|\d{1,3}(?:\.\d{1,3}){1,3}\.?)\s+(?=\S)/u

/** Whether a line begins like an item of a list. */
export function startsItem(text: string): boolean {
  return marker.test(text)
}

/** Whether it begins with a mark that stands nowhere but before items: no dash, number or letter. */
export function startsBullet(text: string): boolean {
  return /^[•◦▪▫‣⁃●○■□◆◇➢➤✓✔❖]\s+\S/u.test(text)
}

/** The kind of mark that an item begins with, to tell items of one list: a bullet itself, `#.` for numbers, `a)` for letters. */
export function markerKind(text: string): string | undefined {
  const found = marker.exec(text)?.[0].trim()
  return found?.replace(/\d+/g, '#').replace(/\p{L}+/gu, 'a')
}
