/** A small household's papers: three that are read and several that are not. */
export const readable = {
  'docs/heating.md': `# Heating

The heat pump was installed in 2021 by the firm Keller. It warms the whole house in winter.

The pressure of the circuit has to stay between 1.2 and 1.8 bar; below that, call the firm.
`,
  'docs/bread.txt': 'Sourdough bread: bake it for forty minutes until the crust is brown.\n',
  'docs/notes/garden.html': `<html><head><title>Garden plan</title></head><body>
<p>Tomatoes are planted after the ice saints in May, in the bed behind the shed.</p></body></html>
`,
} as const

export const skipped = {
  'docs/empty.md': '',
  'docs/blank.txt': '  \n\n ',
  'docs/print.ps': '%!PS-Adobe-3.0\n',
  'docs/server.key': 'nothing to see',
  'docs/login.md': '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1c7f0vJ8C5xT3mQe9wq0ZkYb\n',
} as const

export const ignored = {
  'docs/.gitignore': 'drafts/\n',
  'docs/drafts/plan.md': '# A draft\n\nNobody should read this.\n',
  'docs/.hidden/notes.md': '# Hidden\n',
} as const

/** Above the limit for a file, which is 50 MiB. */
export const TOO_LARGE_BYTES = 50 * 1024 * 1024 + 1
