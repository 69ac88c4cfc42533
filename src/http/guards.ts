import { GemdexError } from '../errors.js'

const LOOPBACK_IPV4 = /^127(?:\.(?:0|[1-9]\d{0,2})){3}$/
/** A host as the Host header writes it, with an optional port. Userinfo, trailing dots and zone ids do not fit. */
const HOST_AND_PORT = /^(?<host>[a-z\d](?:[a-z\d._-]*[a-z\d])?|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/
const ORIGIN = /^https?:\/\/(?<authority>[^/?#@\s]+)$/

/** `localhost`, 127.0.0.0/8 in four plain decimal numbers, or `::1`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return LOOPBACK_IPV4.test(host) && host.split('.').every((part) => Number(part) <= 255)
}

/**
 * Throws BAD_CONFIG unless the address to listen on is one of this machine alone: whoever reaches the service may read and
 * remove everything in it.
 */
export function refuseUnsafeHost(host: string): void {
  if (isLoopback(host.toLowerCase())) return
  throw new GemdexError('BAD_CONFIG', `gemdex serves on loopback addresses only, not on "${host}"`, {
    hint: 'Listen on 127.0.0.1, and put a reverse proxy that asks for credentials in front to reach it from elsewhere.',
    field: 'host',
  })
}

export type AllowedHosts = {
  /** Whether a Host header's value names this service. */
  readonly allowsHost: (value: string) => boolean
  /** Whether an Origin header's value is a page of this service; `null` is not. */
  readonly allowsOrigin: (value: string) => boolean
}

/**
 * Against DNS rebinding: a page of a foreign name that resolves to this machine sends its own name. Loopback names are
 * allowed with any port, and so are the given names (no scheme, no port, no pattern; BAD_CONFIG else).
 */
export function allowHosts(names: readonly string[]): AllowedHosts {
  const allowed = new Set(names.map(checkName))
  const allowsHost = (value: string) => {
    const { host, port } = HOST_AND_PORT.exec(value.toLowerCase())?.groups ?? {}
    if (host === undefined) return false
    if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false
    return host === '[::1]' || isLoopback(host) || allowed.has(host)
  }
  return {
    allowsHost,
    allowsOrigin: (value) => allowsHost(ORIGIN.exec(value.toLowerCase())?.groups?.authority ?? ''),
  }
}

function checkName(name: string): string {
  const groups = HOST_AND_PORT.exec(name.toLowerCase())?.groups
  if (groups?.host !== undefined && groups.port === undefined) return groups.host
  throw new GemdexError('BAD_CONFIG', `"${name}" is no host name that can be allowed`, {
    hint: 'Give the name alone, such as search.example.org: no scheme, no port, no pattern.',
    field: 'allowedHosts',
  })
}
