import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { build as viteBuild } from 'vite'
import { helpTexts } from '../app/cli/help.ts'
import { operations } from '../app/operations/table.ts'
import { schemaFiles } from './schema-files.ts'

/** Makes `dist/` (or the folder that is named), which is all that is published: program, contract with types, packs, verifier, schemas. */
const root = join(import.meta.dirname, '..')
const dist = process.argv[2] ?? join(root, 'dist')
const product: { version: string; dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

rmSync(dist, { recursive: true, force: true })
await Promise.all([bundleProgram(), bundleBin(), buildConsole()])
emitContract()
copyData()
console.log(`dist: ${(sizeOf(dist) / 1_000_000).toFixed(2)} MB`)

/** Workspaces are inlined, npm packages stay outside; what is imported on demand becomes a file of its own. */
async function bundleProgram(): Promise<void> {
  await build({
    entryPoints: {
      'cli/main': join(root, 'app/cli/main.ts'),
      'threads/operations-thread': join(root, 'app/http/work/thread.ts'),
      'threads/vet-thread': join(root, 'engine/intel/vet-thread.ts'),
    },
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    chunkNames: 'parts/[name]-[hash]',
    external: Object.keys(product.dependencies),
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
}

/** The one file that an old Node.js must be able to read; version and help are written into it. */
async function bundleBin(): Promise<void> {
  const outfile = join(dist, 'bin/upkeep.js')
  await build({
    entryPoints: [join(root, 'app/bin/upkeep.ts')],
    outfile,
    bundle: false,
    format: 'esm',
    platform: 'node',
    target: 'es2018',
    supported: { 'dynamic-import': true, 'import-meta': true },
    define: {
      UPKEEP_VERSION: JSON.stringify(product.version),
      UPKEEP_HELP: JSON.stringify(helpTexts(operations)),
    },
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  })
  chmodSync(outfile, 0o755)
}

/** What runs in a browser: files of its own, without a source map. */
async function buildConsole(): Promise<void> {
  // Built for anything else its parts would name the folders of this machine, and be larger.
  process.env.NODE_ENV = 'production'
  await viteBuild({ root: join(root, 'console'), logLevel: 'warn', build: { outDir: join(dist, 'console') } })
}

function emitContract(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const words = [
    '--noEmit',
    'false',
    '--declaration',
    '--rewriteRelativeImportExtensions',
    '--outDir',
    join(dist, 'contract'),
  ]
  execFileSync(process.execPath, [tsc, '-p', join(root, 'contract/tsconfig.json'), ...words], { stdio: 'inherit' })
}

function copyData(): void {
  for (const pack of packFolders()) {
    cpSync(join(root, 'packs', pack), join(dist, 'packs', pack), {
      recursive: true,
      filter: (path) => !/\.test\.ts$|\/node_modules(\/|$)/.test(path),
    })
  }
  mkdirSync(join(dist, 'verify'), { recursive: true })
  for (const name of [
    'upkeep-verify.mjs',
    'upkeep-verify.html',
    'upkeep-verify-contract.mjs',
    'upkeep-verify-proof.mjs',
  ])
    cpSync(join(root, 'verify', name), join(dist, 'verify', name))
  mkdirSync(join(dist, 'deploy'), { recursive: true })
  cpSync(join(root, 'deploy/upkeep.service'), join(dist, 'deploy/upkeep.service'))
  mkdirSync(join(dist, 'schemas'), { recursive: true })
  for (const [name, text] of schemaFiles()) writeFileSync(join(dist, 'schemas', name), text)
}

function packFolders(): string[] {
  return readdirSync(join(root, 'packs')).filter((name) => existsSync(join(root, 'packs', name, 'manifest.json')))
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, facts) => sum + (facts.isFile() ? facts.size : 0), 0)
}
