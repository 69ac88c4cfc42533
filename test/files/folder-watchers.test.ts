import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { FolderWatchers } from '../../src/files/folder-watchers.js'
import { watchFolder } from '../../src/files/watch.js'
import { addFiles, tempFolder } from './temp-folder.js'

/** Ends of the paths that the system has no watch left for. */
const refused = vi.hoisted(() => new Set<string>())

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs')>()
  return {
    ...original,
    watch: (...args: Parameters<typeof original.watch>) => {
      if (![...refused].some((end) => String(args[0]).endsWith(end))) return original.watch(...args)
      throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', errno: -28 })
    },
  }
})

afterEach(() => refused.clear())

describe.runIf(process.platform === 'linux')("at the system's limit", () => {
  test('the rest is watched, and what is left out is counted until there is room', async () => {
    const root = await tempFolder({ 'docs/a.md': '', 'more/in/b.md': '' })
    let events = 0
    const watchers = new FolderWatchers({ onEvent: () => events++ })
    refused.add('/docs').add('/more')
    await watchers.sync(root)
    expect(watchers.unwatched).toBe(2)
    await addFiles(root, { 'more/in/b.md': '1' })
    await vi.waitFor(() => expect(events).toBeGreaterThan(0), 10_000)

    refused.clear()
    await watchers.sync(root)
    expect(watchers.unwatched).toBe(0)
    const before = events
    await addFiles(root, { 'docs/a.md': '1' })
    await vi.waitFor(() => expect(events).toBeGreaterThan(before), 10_000)
    watchers.close()
  })

  test('the watch says so once, and goes on', async () => {
    const root = await tempFolder({ 'docs/a.md': '' })
    refused.add(join(root, 'docs'))
    const controller = new AbortController()
    const notices: string[] = []
    let runs = 0
    const done = watchFolder(root, {
      signal: controller.signal,
      onChange: async () => {
        runs++
      },
      onNotice: (text) => notices.push(text),
    })
    await vi.waitFor(() => expect(runs).toBe(1), 10_000)
    await addFiles(root, { 'b.md': '' })
    await vi.waitFor(() => expect(runs).toBe(2), 10_000)
    controller.abort()
    await done
    expect(notices).toEqual([expect.stringContaining('1 folder will be looked at every 10 seconds')])
  })
})
