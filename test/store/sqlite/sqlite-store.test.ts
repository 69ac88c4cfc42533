import { describeGapStore } from '../../contract/gap-store.js'
import { describeSessionStore } from '../../contract/session-store.js'
import { describeStore } from '../../contract/store.js'
import { openTempStore } from './temp-store.js'

describeStore('SQLite', (options) => openTempStore(undefined, options))
describeSessionStore('SQLite', (options) => openTempStore(undefined, options))
describeGapStore('SQLite', () => openTempStore().gaps)
