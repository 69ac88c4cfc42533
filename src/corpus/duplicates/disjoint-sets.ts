/** Numbers below `size` in sets, at first each in one of its own (union-find). */
export interface DisjointSets {
  /** The number that stands for the set of this one: the least of the set. */
  find(member: number): number
  /** Makes one set of two. */
  join(a: number, b: number): void
  /** The sets of more than one, each ascending, by their least number. */
  groups(): number[][]
}

export function createDisjointSets(size: number): DisjointSets {
  const parents = Uint32Array.from({ length: size }, (_, i) => i)

  function find(member: number): number {
    let root = member
    while (parents[root] !== root) root = parents[root] ?? root
    for (let at = member; at !== root; ) {
      const next = parents[at] ?? root
      parents[at] = root
      at = next
    }
    return root
  }

  return {
    find,
    join(a, b) {
      const [left, right] = [find(a), find(b)]
      parents[Math.max(left, right)] = Math.min(left, right)
    },
    groups() {
      const groups = new Map<number, number[]>()
      for (let member = 0; member < size; member++) {
        const root = find(member)
        if (root === member) continue
        const group = groups.get(root)
        if (group === undefined) groups.set(root, [root, member])
        else group.push(member)
      }
      return [...groups.entries()].sort(([a], [b]) => a - b).map(([, group]) => group)
    },
  }
}
