/** The name of a part that another refers to, relative to its own folder or from the root. */
export function resolvePart(from: string, target: string): string {
  const folders = target.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const step of target.split('/')) {
    if (step === '..') folders.pop()
    else if (step !== '.' && step !== '') folders.push(step)
  }
  return folders.join('/')
}
