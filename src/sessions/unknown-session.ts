import { GemdexError } from '../errors.js'

export function unknownSession(id: string): GemdexError {
  return new GemdexError('NOT_FOUND', `There is no conversation "${id}"`, {
    hint: '`gemdex sessions list` shows those there are.',
    field: 'sessionId',
  })
}
