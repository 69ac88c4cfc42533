import type { IncomingMessage } from 'node:http'
import { GemdexError } from '../errors.js'
import { HttpError } from './http-error.js'
import { MAX_URL_CHARS } from './limits.js'

const LOOPBACK_IPV4 = /^127(?:\.(?:0|[1-9]\d{0,2})){3}$/
/** A host as the Host header writes it, with an optional port. Userinfo, trailing dots and zone ids do not fit. */
const HOST_AND_PORT = /^(?<host>[a-z\d](?:[a-z\d._-]*[a-z\d])?|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/
const ORIGIN = /^https?:\/\/(?<authority>[^/?#@\s]+)$/

/** `localhost`, 127.0.0.0/8 in four plain decimal numbers, or `::1`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return LOOPBACK_IPV4.test(host) && host.split('.').every((part) => Number(part) <= 255)
}

/** Throws BAD_CONFIG for an address that others may reach, unless whoever comes needs a key. */
export function refuseUnsafeHost(host: string, hasKeys: boolean): void {
  if (hasKeys || isLoopback(host.toLowerCase())) return
  throw new GemdexError(
    'BAD_CONFIG',
    `Listening on "${host}" needs an API key: others may reach that address`,
    {
      hint: 'Make one with `gemdex keys add <name>` (or set GEMDEX_API_KEYS), or listen on 127.0.0.1.',
      field: 'host',
    },
  )
}

/** The address that a connection came in at; looking it up is a call of the system. */
type Connection = { readonly localAddress?: string | undefined }

export type AllowedHosts = {
  /**
   * Whether a Host header's value names this service. An address written out, the one that the connection came in at, has no name
   * that could be bound to another machine.
   */
  readonly allowsHost: (value: string, connection?: Connection) => boolean
  /** Whether an Origin header's value is a page of this service, or one that may use it; `null` is not. */
  readonly allowsOrigin: (value: string, connection?: Connection) => boolean
}

/**
 * Against DNS rebinding: a page of a foreign name that resolves to this machine sends its own name. Loopback names are
 * allowed with any port, and so are the given names (no scheme, no port, no pattern; BAD_CONFIG else). `origins` are pages
 * besides, each with its scheme and port.
 */
export function allowHosts(names: readonly string[], origins: readonly string[] = []): AllowedHosts {
  const allowed = new Set(names.map(checkName))
  const allowsHost = (value: string, connection?: Connection) => {
    const { host, port } = HOST_AND_PORT.exec(value.toLowerCase())?.groups ?? {}
    if (host === undefined) return false
    if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false
    if (host === '[::1]' || isLoopback(host) || allowed.has(host)) return true
    return host === asHost(connection?.localAddress)
  }
  return {
    allowsHost,
    allowsOrigin: (value, connection) =>
      origins.includes(value.toLowerCase()) ||
      allowsHost(ORIGIN.exec(value.toLowerCase())?.groups?.authority ?? '', connection),
  }
}

/** Why no route should see a request, if so: a foreign host or page (DNS rebinding), an over-long or absolute target. */
export function faultOf(request: IncomingMessage, hosts: AllowedHosts): GemdexError | undefined {
  const { socket } = request
  const [host, another] = request.headersDistinct.host ?? []
  if (host === undefined || another !== undefined || !hosts.allowsHost(host, socket)) {
    return new GemdexError('FORBIDDEN', 'The Host header does not name this service', {
      hint: 'Address it as localhost or 127.0.0.1, or let its operator allow the name (GEMDEX_ALLOWED_HOSTS).',
    })
  }
  const origin = request.headers.origin
  if (origin !== undefined && !hosts.allowsOrigin(origin, socket)) {
    return new GemdexError('FORBIDDEN', 'Pages of other origins may not use this service', {
      hint: 'Its operator can allow some (GEMDEX_CORS_ORIGINS).',
    })
  }
  const url = request.url ?? ''
  if (url.length > MAX_URL_CHARS)
    return new HttpError(414, 'BAD_INPUT', `The URL is longer than ${MAX_URL_CHARS} characters`, {
      field: 'url',
    })
  if (!url.startsWith('/'))
    return new GemdexError('BAD_INPUT', 'The request target must be a path', { field: 'url' })
  return undefined
}

/** An address as a Host header writes it. */
function asHost(address: string | undefined): string | undefined {
  const plain = address
    ?.toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '')
  return plain?.includes(':') ? `[${plain}]` : plain
}

function checkName(name: string): string {
  const groups = HOST_AND_PORT.exec(name.toLowerCase())?.groups
  if (groups?.host !== undefined && groups.port === undefined) return groups.host
  throw new GemdexError('BAD_CONFIG', `"${name}" is no host name that can be allowed`, {
    hint: 'Give the name alone, such as search.example.org: no scheme, no port, no pattern.',
    field: 'allowedHosts',
  })
}
