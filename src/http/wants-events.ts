import type { Request } from 'express'

/** Whether a client would rather have a stream of events than one answer. */
export function wantsEvents(request: Request): boolean {
  return request.accepts('application/json', 'text/event-stream') === 'text/event-stream'
}
