export type Pair = readonly [name: string, value: string | undefined]

/** Characters of a fragment that browsers keep and mail programs send on; there is no such limit in a standard. */
const MAX_CHARS = 16_000

/** A fragment with its `#`. Values that are empty are left out; so are all of them where they would make it too long to be kept. */
export function fragment(path: string, pairs: readonly Pair[]): string {
  const query = new URLSearchParams()
  for (const [name, value] of pairs) if (value !== undefined && value !== '') query.append(name, value)
  const text = query.toString()
  return text === '' || text.length > MAX_CHARS ? `#${path}` : `#${path}?${text}`
}

export function optional<Name extends string>(
  name: Name,
  value: string,
): { readonly [Key in Name]?: string } {
  return value === '' ? {} : ({ [name]: value } as { readonly [Key in Name]?: string })
}
