import { describe, expect, test } from 'vitest'
import { looksLikeSecret, looksLikeSecretName } from '../../src/files/looks-like-secret.js'

/** Base64 that is no key; in parts, so that scanners leave this file alone. */
const BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ'
const header = (kind: string) => `-----BEGIN ${kind}PRIVATE ${'KEY'}-----`
const AWS_KEY = `${'abcdefghij'.repeat(3)}KLMNOPQR/+`

function look(text: string): string | undefined {
  return looksLikeSecret(Buffer.from(text))
}

describe('looksLikeSecretName', () => {
  const secret = [
    'id_rsa',
    'id_dsa',
    'id_ecdsa',
    'id_ed25519',
    'id_ed25519_sk',
    'server.pem',
    'SERVER.PEM',
    'tls.key',
    'AuthKey.p8',
    'login.ppk',
    'cert.p12',
    'cert.pfx',
    'debug.keystore',
    'trust.jks',
    'passwords.kdbx',
    'login.keychain-db',
    '.env',
    '.env.local',
    '.envrc',
    'prod.env',
    'credentials',
    'credentials.json',
    'credentials.csv',
    '.git-credentials',
    'application_default_credentials.json',
    'service-account.json',
    'service_account_prod.json',
    'serviceAccountKey.json',
    'client_secret_123.json',
    'secrets.yml',
    'secrets.yaml',
    'secret.json',
    '.npmrc',
    '.netrc',
    '_netrc',
    '.pypirc',
    '.pgpass',
    'htpasswd',
    '.htpasswd',
    'office.ovpn',
    'wallet.dat',
  ]
  test.each(secret)('%s is one', (name) => {
    expect(looksLikeSecretName(name)).toMatch(/^its name is that of .+/)
  })

  const harmless = [
    'id_rsa.pub',
    'my_id_rsa.md',
    'key.md',
    'keys.txt',
    'monkey',
    'pem.md',
    'environment.md',
    'env',
    'dotenv.ts',
    'credentials.md',
    'service-accounts.md',
    'secrets.md',
    'the-secrets.yaml.md',
    'wallet.data',
    'package.json',
    'passwd.html',
  ]
  test.each(harmless)('%s is none', (name) => {
    expect(looksLikeSecretName(name)).toBeUndefined()
  })
})

describe('looksLikeSecret', () => {
  test.each(['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED '])('a PEM private key: %s', (kind) => {
    expect(look(`${header(kind)}\n${BODY}\n`)).toBe('it holds a private key')
  })

  test('a key after other text, with headers of its own, in JSON, and of PGP', () => {
    expect(look(`Bag Attributes\n  friendlyName: x\n${header('')}\r\n${BODY}`)).toBe('it holds a private key')
    expect(
      look(`host: a\n${header('RSA ')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${BODY}`),
    ).toBeDefined()
    expect(look(`[{"key": "${header('')}\\n${BODY}"}]`)).toBe('it holds a private key')
    expect(look(`-----BEGIN PGP PRIVATE ${'KEY'} BLOCK-----\n\n${BODY}`)).toBe('it holds a private key')
  })

  test('a file that begins with the header, however short the rest', () => {
    expect(look(`\n${header('RSA ')}\nMIIE...`)).toBe('it holds a private key')
  })

  test('keys in UTF-16 and behind a byte order mark', () => {
    const text = `${header('')}\n${BODY}`
    expect(looksLikeSecret(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toBe('it holds a private key')
    expect(looksLikeSecret(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).toBe('it holds a private key')
    expect(look(`\uFEFF${text}`)).toBe('it holds a private key')
  })

  test('credentials of AWS', () => {
    expect(look('[default]\naws_access_key_id = A\naws_secret_access_key = short')).toBe(
      'it holds AWS credentials',
    )
    expect(look(`# notes\nexport AWS_SECRET_ACCESS_KEY=${AWS_KEY}`)).toBe('it holds AWS credentials')
  })

  test('the key of a service account, of PuTTY and of age, and a store of KeePass', () => {
    const account = { type: 'service_account', project_id: 'x', private_key: 'anything' }
    expect(look(JSON.stringify(account, null, 2))).toBe('it holds the private key of a service account')
    expect(look(JSON.stringify({ private_key: 'y', type: 'service_account' }))).toBeDefined()
    expect(look('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none')).toBe('it is a private key of PuTTY')
    expect(look(`# created: 2024\nAGE-SECRET-KEY-1${'Q'.repeat(58)}`)).toBe('it holds a private key of age')
    expect(looksLikeSecret(Uint8Array.of(0x03, 0xd9, 0xa2, 0x9a, 0x67))).toBe(
      'it is a password store of KeePass',
    )
  })

  test('the message holds nothing of the content', () => {
    expect(look(`${header('')}\n${BODY}`)).not.toContain(BODY.slice(0, 8))
  })

  test('prose about keys, public keys and certificates are none', () => {
    const harmless = [
      '',
      `# TLS\n\nA key file starts with \`${header('RSA ')}\` and ends with a footer.`,
      `Paste it here:\n\n    ${header('')}\n    ...\n`,
      `-----BEGIN CERTIFICATE-----\n${BODY}`,
      `-----BEGIN PUBLIC KEY-----\n${BODY}`,
      'Set aws_secret_access_key to your key.',
      '# Setup\n\naws_secret_access_key = YOUR_KEY\n',
      '{"type": "service_account"}',
      'The field "private_key" of a "service_account" file',
      '{"type": "user", "private_key_id": "x"}',
    ]
    for (const text of harmless) expect([text, look(text)]).toEqual([text, undefined])
  })

  test('looks at the view it was given and not at the buffer behind it', () => {
    const behind = Buffer.from(`harmless${header('')}\n${BODY}`)
    expect(looksLikeSecret(behind.subarray(0, 8))).toBeUndefined()
    expect(looksLikeSecret(behind.subarray(8))).toBe('it holds a private key')
  })

  test('comes to an end on a MiB made to slow it down', () => {
    const bait = [
      '\n',
      ' ',
      '\t\n',
      '[a]\n',
      `${header('')}\n`,
      '-----BEGIN A B ',
      '{"private_key":',
      'a',
      'aws_secret_access_key=\n',
    ]
    for (const part of bait) {
      // A pattern that goes back and forth would not come to an end within the limit of the test.
      const found = look(part.repeat(Math.ceil((1 << 20) / part.length)))
      expect([part, found]).toEqual([part, part === `${header('')}\n` ? 'it holds a private key' : undefined])
    }
  })
})
