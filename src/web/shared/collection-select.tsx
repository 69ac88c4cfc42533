import { useLoad } from '../state/use-load.js'

/** One collection, or all: there is a choice where there are several. */
export function CollectionSelect({
  chosen,
  onChoose,
}: {
  readonly chosen: string | undefined
  readonly onChoose: (name: string | undefined) => void
}) {
  const { value } = useLoad('collections', (client, signal) => client.collections({ signal }))
  const names = value?.collections.map(({ name }) => name) ?? []
  if (names.length < 2 && chosen === undefined) return null
  return (
    <label class="collection-select">
      <span class="visually-hidden">Collection</span>
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget: { value: name } }) => onChoose(name === '' ? undefined : name)}
      >
        <option value="">All collections</option>
        {[...new Set([...names, ...(chosen === undefined ? [] : [chosen])])].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
