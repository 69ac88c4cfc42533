/** Kinds of file that hold secrets, told by their name. Compared in lower case. */
const SECRET_NAMES: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^id_(rsa|dsa|ecdsa|ed25519|xmss)(_sk)?$/, what: 'an SSH private key' },
  { pattern: /\.(pem|key|p8|ppk)$/, what: 'a private key' },
  { pattern: /\.(p12|pfx|pkcs12)$/, what: 'a certificate with its private key' },
  { pattern: /\.(keystore|jks|jceks|bks)$/, what: 'a key store' },
  { pattern: /\.(kdbx?|keychain|keychain-db|agilekeychain|opvault)$/, what: 'a password store' },
  { pattern: /^\.env(\..*|rc)?$|\.env$/, what: 'a file of environment secrets' },
  {
    pattern: /^(credentials|application_default_credentials)(\.(json|csv|ya?ml|toml|ini))?$/,
    what: 'credentials',
  },
  { pattern: /^\.?git-credentials$/, what: 'credentials' },
  {
    pattern: /^(service[-_]?account.*|client_secret.*)\.json$/,
    what: 'credentials of a service account or client',
  },
  { pattern: /^secrets?\.(ya?ml|json|toml|ini|properties)$/, what: 'a file of secrets' },
  { pattern: /^(\.npmrc|\.netrc|_netrc|\.pypirc|\.pgpass|\.my\.cnf|\.dockercfg)$/, what: 'a login file' },
  { pattern: /^\.?htpasswd$/, what: 'a password file' },
  { pattern: /\.ovpn$/, what: 'a VPN profile with its key' },
  { pattern: /^wallet\.dat$/, what: 'a wallet' },
]

/** Files of secrets are small, and one that is not still shows itself early. */
const MAX_LOOKED_AT_BYTES = 1 << 20

const KEY_HEADER = '-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----'
const STARTS_WITH_KEY = new RegExp(`^\\s*${KEY_HEADER}`)
/** A header alone is prose about keys; with the run of base64 that is the key itself, it is one. */
const HOLDS_KEY = new RegExp(`${KEY_HEADER}[\\s\\S]{0,200}?[A-Za-z0-9+/]{32}`)
// `[ \t]*` and not `\s*` after a `^` with the m flag: the latter is quadratic in a run of empty lines.
const AWS_SECRET = /^[ \t]*(?:export[ \t]+)?aws_secret_access_key[ \t]*[=:][ \t]*["']?[A-Za-z0-9/+]{30}/im
const STARTS_WITH_SECTION = /^\s*\[[^\]\r\n]{1,100}\]/
const AWS_FILE_ENTRY = /^[ \t]*aws_secret_access_key[ \t]*=[ \t]*\S/im
const SERVICE_ACCOUNT = /^\s*\{(?=[\s\S]*"private_key"\s*:\s*"[^"])(?=[\s\S]*"type"\s*:\s*"service_account")/
const PUTTY_KEY = /^PuTTY-User-Key-File-\d/
const AGE_KEY = /^AGE-SECRET-KEY-1[A-Z0-9]{20,}/m
/** Signature of KeePass 1 and 2 files. */
const KEEPASS_MAGIC = '\x03\xd9\xa2\x9a'

/**
 * Why a file of this name is taken for a secret, as a message; undefined when it is not. Looks at the name alone, the
 * last part of a path, in any case. Public keys (`*.pub`) are no secret.
 */
export function looksLikeSecretName(name: string): string | undefined {
  const lower = name.toLowerCase()
  const found = SECRET_NAMES.find(({ pattern }) => pattern.test(lower))
  return found && `its name is that of ${found.what}`
}

/**
 * Why these bytes are taken for a secret, as a message that holds none of them; undefined when they are not. Give the
 * whole file or its head; the first MiB is looked at. Sees text in UTF-8, UTF-16 or any encoding that extends ASCII.
 */
export function looksLikeSecret(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_LOOKED_AT_BYTES))
  const raw = head.toString('latin1')
  if (raw.startsWith(KEEPASS_MAGIC)) return 'it is a password store of KeePass'
  // ASCII in UTF-16 is ASCII with NULs in between; byte order marks come off for the patterns tied to the start.
  const text = raw.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replaceAll('\0', '')
  if (PUTTY_KEY.test(text)) return 'it is a private key of PuTTY'
  if (SERVICE_ACCOUNT.test(text)) return 'it holds the private key of a service account'
  if (STARTS_WITH_KEY.test(text) || HOLDS_KEY.test(text)) return 'it holds a private key'
  if (isAwsFile(text) || AWS_SECRET.test(text)) return 'it holds AWS credentials'
  if (AGE_KEY.test(text)) return 'it holds a private key of age'
  return undefined
}

function isAwsFile(text: string): boolean {
  return STARTS_WITH_SECTION.test(text) && AWS_FILE_ENTRY.test(text)
}
