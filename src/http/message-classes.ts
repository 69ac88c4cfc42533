import { IncomingMessage, ServerResponse } from 'node:http'
import type { Express } from 'express'

/** What a server makes its requests and answers of. */
export type MessageClasses = {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse
}

/**
 * Requests and answers that have the prototypes of an application of Express from the start. Express gives its own to each that
 * comes by, and a changed prototype makes V8 forget what it knows of an object: half of what a request costs this process besides
 * its work. The application takes over the prototypes of the classes.
 */
export function messageClasses(app: Express): MessageClasses {
  // Classes of their own, and not constructors with a borrowed prototype: for such ones V8 makes a hidden class for every object.
  class Request extends IncomingMessage {}
  class Response<Of extends IncomingMessage = IncomingMessage> extends ServerResponse<Of> {}
  Object.setPrototypeOf(Request.prototype, app.request)
  Object.setPrototypeOf(Response.prototype, app.response)
  Object.assign(app, { request: Request.prototype, response: Response.prototype })
  return { IncomingMessage: Request, ServerResponse: Response }
}
