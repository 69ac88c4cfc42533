import { IncomingMessage, ServerResponse } from 'node:http'
import type { Express } from 'express'

/** What a server makes its requests and answers of. */
export type MessageClasses = {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse
}

/**
 * Requests and answers that have the prototypes of Express from the start. Express gives them to each that comes by, and a changed
 * prototype makes V8 forget what it knows of an object: a fifth of what a request costs this process besides its work.
 */
export function messageClasses({ request, response }: Express): MessageClasses {
  return {
    IncomingMessage: bornAs(IncomingMessage, request),
    ServerResponse: bornAs(ServerResponse, response),
  }
}

/** Not by `class ... extends`: the prototype of such a class is its own and cannot be another. */
function bornAs<Class extends new (...args: never[]) => object>(base: Class, prototype: object): Class {
  function Born(...args: unknown[]): object {
    return Reflect.construct(base, args, Born)
  }
  Born.prototype = prototype
  return Born as unknown as Class
}
