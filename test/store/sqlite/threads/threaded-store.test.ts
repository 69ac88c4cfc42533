import { describeGapStore } from '../../../contract/gap-store.js'
import { describeSessionStore } from '../../../contract/session-store.js'
import { describeStore } from '../../../contract/store.js'
import { openTempStore } from '../temp-store.js'
import { openThreads } from './open-threads.js'

/** A clock of the test's own cannot be taken into a thread: the few tests that have one are about the tables. */
const open = (options: { readonly now?: () => number } = {}) =>
  options.now === undefined ? openThreads() : openTempStore(undefined, options)

describeStore('SQLite in threads', open)
describeSessionStore('SQLite in threads', open)
describeGapStore('SQLite in threads', () => open().gaps)
