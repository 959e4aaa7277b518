import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'acorn'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { helpTexts } from '../app/cli/help.ts'
import { operations } from '../app/operations/table.ts'
import { buildZip } from '../engine/intel/testing/build-zip.ts'

const root = join(import.meta.dirname, '..')
const installed = mkdtempSync(join(tmpdir(), 'upkeep-build-'))
const dist = join(installed, 'dist')
const bin = join(dist, 'bin/upkeep.js')

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/build.ts'), dist], { stdio: 'pipe' })
  writeFileSync(join(installed, 'package.json'), readFileSync(join(root, 'package.json')))
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
}, 120_000)

function run(...argv: string[]) {
  const env = { PATH: process.env.PATH, HOME: installed, UPKEEP_HOME: join(installed, 'state') }
  return spawnSync(process.execPath, [...argv], { cwd: installed, env, encoding: 'utf8' })
}

describe('what is published', () => {
  test('version and help are answered by the one small file, with the words of the table', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const texts = helpTexts(operations)
    expect(run(bin, '--version').stdout).toBe(`${version}\n`)
    expect(run(bin, '--help').stdout).toBe(texts[''])
    expect(run(bin, 'help', 'all').stdout).toBe(texts.all)
    expect(run(bin, 'baseline', 'accept', '--help').stdout).toBe(texts['baseline accept'])
  })

  test('the small file is understood by Node.js of 2020, and imports nothing that is ours before the version is known', () => {
    const tree = parse(readFileSync(bin, 'utf8'), { ecmaVersion: 2020, sourceType: 'module', allowHashBang: true })
    const imports = tree.body.flatMap((node) => (node.type === 'ImportDeclaration' ? [node.source.value] : []))
    expect(imports).toEqual(['node:url'])
  })

  test('an older Node.js is told what to do', () => {
    const older = join(installed, 'older.mjs')
    writeFileSync(
      older,
      `Object.defineProperty(process.versions, 'node', { value: '20.1.0' }); await import(${JSON.stringify(bin)})`,
    )
    const done = run(older, 'status')
    expect(done.status).toBe(2)
    expect(done.stderr).toMatch(/needs Node\.js 24 or later; this is 20\.1\.0[\s\S]*npx --yes -p node@24/)
    expect(run(older, '--version').status).toBe(0)
  })

  test('the bundle looks, reports, and keeps everything in its own state folder', () => {
    const first = run(bin, '--json')
    expect(first.stderr).toBe('')
    expect(JSON.parse(first.stdout).report.coverage.servers).toEqual([])
    expect(run(bin, 'status').status).toBe(3)
    expect(existsSync(join(installed, 'state/compiled'))).toBe(true)
  })

  test('a large feed is read by threads, whose code comes with the bundle', () => {
    expect(existsSync(join(dist, 'threads/vet-thread.js'))).toBe(true)
    const range = { type: 'SEMVER', events: [{ introduced: '0' }] }
    const records = Array.from({ length: 20_001 }, (_, index) => ({
      name: `${index}.json`,
      bytes: Buffer.from(
        JSON.stringify({
          id: `A-${index}`,
          modified: '2026-01-02T03:04:05Z',
          affected: [{ package: { ecosystem: 'npm', name: `p${index}` }, ranges: [range] }],
        }),
      ),
    }))
    writeFileSync(join(installed, 'large.zip'), buildZip(records))
    const done = run(bin, 'feeds', 'import', 'large.zip', '--json')
    expect(done.stderr).toBe('')
    expect(JSON.parse(done.stdout)).toMatchObject({ imported: [{ records: 20_001, rejected: [] }] })
  })

  test('the contract comes with its types, and the verifier, packs and schemas with it', () => {
    for (const name of [
      'contract/index.js',
      'contract/index.d.ts',
      'verify/upkeep-verify.mjs',
      'verify/upkeep-verify.html',
      'verify/upkeep-verify-contract.mjs',
      'verify/upkeep-verify-proof.mjs',
      'deploy/upkeep.service',
      'packs/mcp-advisories/manifest.json',
      'schemas/scan.output.schema.json',
    ]) {
      expect(existsSync(join(dist, name)), name).toBe(true)
    }
    const uses = join(installed, 'uses.mjs')
    writeFileSync(
      uses,
      "import { defineDuty, Run } from './dist/contract/index.js'\nconsole.log(typeof defineDuty, typeof Run.parse)\n",
    )
    expect(run(uses).stdout).toBe('function function\n')
  })

  test('what npm would pack is what is built and its pages, with nothing of this machine and no source, map or test', () => {
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'])
      writeFileSync(join(installed, name), readFileSync(join(root, name)))
    const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: installed,
      encoding: 'utf8',
    })
    const [{ files }] = z
      .tuple([z.looseObject({ files: z.array(z.looseObject({ path: z.string() })) })])
      .parse(JSON.parse(packed.stdout))
    const paths = files.map(({ path }) => path)
    const pages = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md']
    expect(paths.filter((path) => !path.startsWith('dist/')).toSorted()).toEqual(pages.toSorted())
    const parts = new Set(paths.flatMap((path) => /^dist\/([^/]+)\//.exec(path)?.[1] ?? []))
    expect([...parts].toSorted()).toEqual([
      'bin',
      'cli',
      'console',
      'contract',
      'deploy',
      'packs',
      'parts',
      'schemas',
      'threads',
      'verify',
    ])
    expect(
      paths.filter((path) => /\.map$|\.test\.[cm]?[jt]s$|\.pem$|(?<!\.d)\.ts$|node_modules|\.env/.test(path)),
    ).toEqual([])
    const naming = paths.filter(
      (path) => path.startsWith('dist/') && readFileSync(join(installed, path)).includes(root),
    )
    expect(naming).toEqual([])
  })

  test('a program that is written in TypeScript finds the types by the name of the package', () => {
    const user = join(installed, 'user')
    mkdirSync(join(user, 'node_modules'), { recursive: true })
    symlinkSync(installed, join(user, 'node_modules/mcp-upkeep'))
    const compiled = (text: string) => {
      writeFileSync(join(user, 'uses.mts'), text)
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
      const words = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', 'uses.mts']
      return spawnSync(process.execPath, [tsc, ...words], { cwd: user, encoding: 'utf8' })
    }
    const sound = "import { MaintenanceContract, type Run } from 'mcp-upkeep/contract'\n"
    expect(
      compiled(
        `${sound}export const id = (run: Run): string => run.id + MaintenanceContract.parse({}).serial.toFixed()\n`,
      ),
    ).toMatchObject({ status: 0, stdout: '' })
    expect(compiled(`${sound}export const id = (run: Run): number => run.id\n`).status).not.toBe(0)
  }, 60_000)
})
