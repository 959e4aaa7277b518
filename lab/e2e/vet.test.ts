import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildTar, manifestEntry, type TarPart } from '@upkeep/app/vet/testing/build-tar'
import { afterAll, expect, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation, upkeep } from './installation.ts'

const installation: Installation = newInstallation()
afterAll(() => removeInstallation(installation))

function tarball(file: string, parts: readonly TarPart[]): string {
  const path = join(installation.cwd, file)
  writeFileSync(path, gzipSync(buildTar(parts)))
  return path
}

async function vetted(file: string) {
  const ended = await upkeep(installation, ['vet', file, '--json'])
  return { exitCode: ended.exitCode, output: JSON.parse(ended.stdout) }
}

/** Written down by hand: what each tarball is, and the code that the command ends with. */
test('a package with a known vulnerability ends with findings', async () => {
  const { exitCode, output } = await vetted(tarball('remote.tgz', [manifestEntry('mcp-remote', '0.1.15')]))
  expect(exitCode).toBe(1)
  expect(output).toMatchObject({ name: 'mcp-remote', version: '0.1.15', notInside: [], integrity: 'not asked' })
  expect(output.report.items[0].summary).toContain('CVE-2025-6514')
})

test('a malicious package says so, and its install script does not run', async () => {
  const ran = join(installation.root, 'script-ran')
  const scripts = { postinstall: `touch '${ran}'` }
  const parts = [manifestEntry('postmark-mcp', '1.0.16', { scripts })]
  const { exitCode, output } = await vetted(tarball('mail.tgz', parts))
  expect(exitCode).toBe(1)
  expect(JSON.stringify(output.report.items)).toContain('malicious-package')
  expect(JSON.stringify(output.report.items)).toContain('install-scripts')
  expect(existsSync(ran)).toBe(false)
})

test('a package that needs others is not said to be clean', async () => {
  const parts = [manifestEntry('plain-server', '1.0.0', { license: 'MIT', dependencies: { express: '^4' } })]
  const { exitCode, output } = await vetted(tarball('plain.tgz', parts))
  expect(exitCode).toBe(3)
  expect(output.notInside).toEqual(['express'])
})

test('a hostile archive leaves nothing outside, and no state and no folder stay behind', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('upkeep-vet-'))
  const name = `outside-${process.pid}.txt`
  const parts = [manifestEntry('evil', '1.0.0'), { path: `../../../../../../tmp/${name}`, text: 'out' }]
  const { output } = await vetted(tarball('evil.tgz', parts))
  expect(output.problems).toEqual(['a path in it leads elsewhere: left out'])
  expect(existsSync(join(tmpdir(), name))).toBe(false)
  expect(existsSync(join(installation.stateDir, 'state.db'))).toBe(false)
  expect(readdirSync(tmpdir()).filter((one) => one.startsWith('upkeep-vet-'))).toEqual(before)
})

test('what cannot be judged is an error with something to do, never clean', async () => {
  writeFileSync(join(installation.cwd, 'cut.tgz'), gzipSync(Buffer.from('cut')))
  for (const what of ['cut.tgz', 'absent.tgz', '.', 'npm:mcp-remote@0.1.15', 'npm:mcp-remote', 'pypi:mcp@1.0.0']) {
    const { exitCode, stdout } = await upkeep(installation, ['vet', what])
    expect([what, exitCode, stdout]).toEqual([what, 2, ''])
  }
})
