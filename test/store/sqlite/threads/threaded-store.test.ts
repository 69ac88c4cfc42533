import { describeStore } from '../../../contract/store.js'
import { openThreads } from './open-threads.js'

describeStore('SQLite in threads', () => openThreads())
