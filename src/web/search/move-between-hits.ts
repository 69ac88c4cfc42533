/** Arrow keys lead from the search box through the hits and back. */
export function moveBetweenHits(event: KeyboardEvent, results: HTMLElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const target = event.target as HTMLElement
  const isBox = target.matches('[data-search]')
  const links = [...(results?.querySelectorAll<HTMLElement>('[data-hit]') ?? [])]
  const at = links.findIndex((link) => link === target || link.closest('li')?.contains(target) === true)
  if (!isBox && at < 0) return
  const next = at + (event.key === 'ArrowDown' ? 1 : -1)
  if (isBox && event.key === 'ArrowUp') return
  event.preventDefault()
  if (next < 0) document.querySelector<HTMLElement>('[data-search]')?.focus()
  else links[Math.min(next, links.length - 1)]?.focus()
}
