import { baseName, endingOf } from '../file-name.js'

/** A language by the endings of its files. */
export type CodeLanguage = {
  /** As people write it. */
  readonly name: string
  /** MIME type. */
  readonly type: string
  readonly endings: string
  /** Name of the grammar in tree-sitter-wasms; without one the text is parted at blank lines. */
  readonly grammar?: string
}

const languages: readonly CodeLanguage[] = [
  { name: 'TypeScript', type: 'text/x-typescript', endings: 'ts mts cts', grammar: 'typescript' },
  { name: 'TypeScript', type: 'text/x-typescript', endings: 'tsx', grammar: 'tsx' },
  { name: 'JavaScript', type: 'text/javascript', endings: 'js mjs cjs jsx', grammar: 'javascript' },
  { name: 'Python', type: 'text/x-python', endings: 'py pyi pyw', grammar: 'python' },
  { name: 'Go', type: 'text/x-go', endings: 'go', grammar: 'go' },
  { name: 'Rust', type: 'text/x-rust', endings: 'rs', grammar: 'rust' },
  { name: 'Java', type: 'text/x-java', endings: 'java', grammar: 'java' },
  // C++ reads C as well, and a header does not tell which of the two it is.
  { name: 'C', type: 'text/x-c', endings: 'c', grammar: 'c' },
  { name: 'C/C++', type: 'text/x-c', endings: 'h', grammar: 'cpp' },
  { name: 'C++', type: 'text/x-c++', endings: 'cc cpp cxx c++ hh hpp hxx ino', grammar: 'cpp' },
  { name: 'C#', type: 'text/x-csharp', endings: 'cs csx', grammar: 'c_sharp' },
  { name: 'Ruby', type: 'text/x-ruby', endings: 'rb rake gemspec', grammar: 'ruby' },
  { name: 'PHP', type: 'text/x-php', endings: 'php phtml', grammar: 'php' },
  { name: 'Kotlin', type: 'text/x-kotlin', endings: 'kt kts', grammar: 'kotlin' },
  { name: 'Swift', type: 'text/x-swift', endings: 'swift', grammar: 'swift' },
  { name: 'Scala', type: 'text/x-scala', endings: 'scala sc', grammar: 'scala' },
  // The package's grammar for Bash calls a function of C that the runtime lacks (isalpha).
  { name: 'Shell', type: 'text/x-shellscript', endings: 'sh bash zsh ksh' },
  { name: 'Lua', type: 'text/x-lua', endings: 'lua', grammar: 'lua' },
  { name: 'Dart', type: 'text/x-dart', endings: 'dart', grammar: 'dart' },
  { name: 'Objective-C', type: 'text/x-objectivec', endings: 'm mm', grammar: 'objc' },
  { name: 'Solidity', type: 'text/x-solidity', endings: 'sol', grammar: 'solidity' },
  { name: 'Zig', type: 'text/x-zig', endings: 'zig', grammar: 'zig' },
  { name: 'Elixir', type: 'text/x-elixir', endings: 'ex exs' },
  { name: 'Erlang', type: 'text/x-erlang', endings: 'erl hrl' },
  { name: 'Clojure', type: 'text/x-clojure', endings: 'clj cljs cljc edn' },
  { name: 'Haskell', type: 'text/x-haskell', endings: 'hs lhs' },
  { name: 'OCaml', type: 'text/x-ocaml', endings: 'ml mli' },
  { name: 'F#', type: 'text/x-fsharp', endings: 'fs fsi fsx' },
  { name: 'Visual Basic', type: 'text/x-vb', endings: 'vb bas vbs' },
  { name: 'R', type: 'text/x-r', endings: 'r' },
  { name: 'Julia', type: 'text/x-julia', endings: 'jl' },
  { name: 'Perl', type: 'text/x-perl', endings: 'pl pm' },
  { name: 'Lisp', type: 'text/x-lisp', endings: 'lisp el scm rkt' },
  { name: 'Pascal', type: 'text/x-pascal', endings: 'pas dpr' },
  { name: 'Fortran', type: 'text/x-fortran', endings: 'f90 f95 f for' },
  { name: 'Assembly', type: 'text/x-asm', endings: 'asm s' },
  { name: 'Nim', type: 'text/x-nim', endings: 'nim' },
  { name: 'Groovy', type: 'text/x-groovy', endings: 'groovy gradle' },
  { name: 'SQL', type: 'application/sql', endings: 'sql' },
  { name: 'PowerShell', type: 'text/x-powershell', endings: 'ps1 psm1' },
  { name: 'Batch', type: 'text/x-batch', endings: 'bat cmd' },
  { name: 'fish', type: 'text/x-fish', endings: 'fish' },
  { name: 'CSS', type: 'text/css', endings: 'css scss sass less' },
  { name: 'Vue', type: 'text/x-vue', endings: 'vue' },
  { name: 'Svelte', type: 'text/x-svelte', endings: 'svelte' },
  { name: 'Terraform', type: 'text/x-terraform', endings: 'tf tfvars hcl' },
  { name: 'Protocol Buffers', type: 'text/x-protobuf', endings: 'proto' },
  { name: 'GraphQL', type: 'application/graphql', endings: 'graphql gql' },
  { name: 'CMake', type: 'text/x-cmake', endings: 'cmake' },
  { name: 'Make', type: 'text/x-makefile', endings: 'mk mak' },
  { name: 'Diff', type: 'text/x-diff', endings: 'diff patch' },
]

/** Files that are known by their whole name, in small letters. */
const namedFiles: ReadonlyMap<string, CodeLanguage> = new Map(
  (
    [
      ['dockerfile containerfile', 'Dockerfile', 'text/x-dockerfile'],
      ['makefile gnumakefile', 'Make', 'text/x-makefile'],
      ['cmakelists.txt', 'CMake', 'text/x-cmake'],
      ['jenkinsfile', 'Groovy', 'text/x-groovy'],
      ['vagrantfile rakefile gemfile', 'Ruby', 'text/x-ruby'],
    ] as const
  ).flatMap(([names, name, type]) =>
    names.split(' ').map((file) => [file, { name, type, endings: '' }] as const),
  ),
)

const byEnding: ReadonlyMap<string, CodeLanguage> = new Map(
  languages.flatMap((language) => language.endings.split(' ').map((ending) => [ending, language] as const)),
)

/** The language of a file by its name, such as `main.rs` or `Dockerfile`. */
export function languageOf(name: string): CodeLanguage | undefined {
  return namedFiles.get(baseName(name).toLowerCase()) ?? byEnding.get(endingOf(name) ?? '')
}
