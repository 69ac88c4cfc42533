import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { errorCode, type FileFault, faultOf } from './file-errors.js'
import { problemOfRules } from './ignore-rules.js'

/** The largest in public repositories have some 100 KiB; more is not a list that somebody wrote. */
const MAX_IGNORE_FILE_BYTES = 1 << 20

/**
 * The text of an ignore file, empty when it is gone, or why it cannot be used. Links are followed, as many people keep
 * one shared file: rules from outside the root can only leave more out. A pipe in its place never blocks.
 */
export async function readIgnoreFile(path: string): Promise<{ readonly text: string } | FileFault> {
  let handle: FileHandle | undefined
  try {
    // O_NONBLOCK: opening a named pipe would else wait for a writer.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stat = await handle.stat()
    if (!stat.isFile()) return { reason: 'PERMISSION', message: 'it is not a file' }
    if (stat.size > MAX_IGNORE_FILE_BYTES) return { reason: 'PERMISSION', message: 'it is larger than 1 MiB' }
    const text = await handle.readFile('utf8')
    const problem = problemOfRules(text)
    return problem === undefined ? { text } : { reason: 'PERMISSION', message: problem }
  } catch (thrown) {
    return errorCode(thrown) === 'ENOENT' ? { text: '' } : faultOf(thrown)
  } finally {
    await handle?.close()
  }
}
