import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Built into `console/dist`, which the HTTP door hands out. Nothing inline: the content security policy forbids it. */
// biome-ignore lint/style/noDefaultExport: vite reads the default export.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
})
