import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

/** What a first visit may have to fetch of scripts. */
const MAX_SCRIPT_BYTES = 120_000

/** The web page: `src/web` becomes `dist/web`, which the HTTP service sends out. */
export default defineConfig({
  root: fileURLToPath(new URL('src/web', import.meta.url)),
  // Relative addresses: the page works behind a proxy that adds a folder.
  base: './',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Everything has a name of its own, since the page's policy allows nothing that is written into it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [limitScripts()],
})

/** Prints how large the scripts are when compressed, and fails when that is too much. */
function limitScripts(): Plugin {
  return {
    name: 'limit-scripts',
    generateBundle(_, bundle) {
      const scripts = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
      const bytes = scripts.reduce((sum, code) => sum + gzipSync(code).byteLength, 0)
      console.log(`Web page: ${(bytes / 1000).toFixed(1)} kB of compressed script`)
      if (bytes > MAX_SCRIPT_BYTES)
        throw new Error(
          `The page's scripts have ${bytes} bytes when compressed; the limit is ${MAX_SCRIPT_BYTES}`,
        )
    },
  }
}
