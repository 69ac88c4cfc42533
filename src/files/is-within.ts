import { sep } from 'node:path'

/** Whether `path` is `root` or lies in it. Both must be real paths: no links, no `..`. */
export function isWithin(root: string, path: string): boolean {
  if (path === root) return true
  return path.startsWith(root.endsWith(sep) ? root : root + sep)
}
