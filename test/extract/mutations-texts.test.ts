import { describeMutations } from './describe-mutations.js'
import { goodTextFiles } from './good-files-texts.js'

describeMutations(goodTextFiles, new Set(['msg', 'msg-rtf']))
