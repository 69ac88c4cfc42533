/** What a filter compares with. */
export type FilterValue = string | number | boolean | null

/**
 * What of a document a filter looks at: its path within its folder, MIME type, title, collection, its time in milliseconds
 * since 1970, the size of its file in bytes, or a key of its metadata (`author`, `author.name`). A list in the metadata counts as each of its items.
 */
export type FilterField =
  | { readonly kind: 'path' | 'type' | 'title' | 'collection' | 'time' | 'size' }
  | { readonly kind: 'metadata'; readonly name: string }

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte'

/**
 * A filter in its parsed form, which every store compiles to something of its own. Text compares by code points, numbers
 * with numbers only; what is of another kind than the value does not match. `in` with null matches a missing key too.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  | { readonly op: 'in'; readonly field: FilterField; readonly values: readonly FilterValue[] }
  | {
      readonly op: 'compare'
      readonly field: FilterField
      readonly how: Comparison
      readonly value: string | number
    }
  | { readonly op: 'glob'; readonly field: FilterField; readonly pattern: string }
  | { readonly op: 'exists'; readonly field: FilterField }
