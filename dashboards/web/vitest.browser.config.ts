// Browser tests: Chromium against the built pages. They live in tests/browser/ at the top and borrow their packages
// from here.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vitest/config'

const resolve = createRequire(import.meta.url).resolve
const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: folder('../../tests/browser'),
  server: { fs: { allow: [folder('../..')] } },
  cacheDir: folder('./node_modules/.vite-browser'),
  resolve: {
    alias: {
      '@': folder('./src'),
      'playwright-core': resolve('playwright-core').replace(/index\.js$/, 'index.mjs'),
      'ajv/dist/2020': resolve('ajv/dist/2020'),
      'yaml': resolve('yaml'),
    },
  },
  define: { __AXE_FILE__: JSON.stringify(resolve('axe-core/axe.min.js')) },
  test: {
    include: ['**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    expect: { poll: { timeout: 10_000 } }, // a busy machine draws late
  },
})
