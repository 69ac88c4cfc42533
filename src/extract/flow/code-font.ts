/** Fonts whose letters are all of one width, in which code is set. */
const codeFonts =
  /^(?:consolas|courier|menlo|monaco|andale mono|lucida console|lucida sans typewriter|cascadia|source code|fira code|fira mono|jetbrains mono|dejavu sans mono|liberation mono|ubuntu mono|roboto mono|inconsolata|sf mono)/i

export function isCodeFont(font: string | undefined): boolean {
  return font !== undefined && codeFonts.test(font)
}

/** Whether letters in such a font are code and no typewriter's prose: signs that prose has not, or indentation. */
export function hasCodeSigns(text: string): boolean {
  return /[{}()[\]=;<>_$#\\|]|^\s{2,}/.test(text)
}
