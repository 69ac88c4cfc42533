import { describeStore } from '../../contract/store.js'
import { openTempStore } from './temp-store.js'

describeStore('SQLite', () => openTempStore())
