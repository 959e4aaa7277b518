import { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ended, type Installation, newInstallation, removeInstallation, writeFiles } from './installation.ts'
import { seenFacts } from './observations.ts'
import { scan } from './product.ts'

let installation: Installation
let ended: Ended
beforeAll(async () => {
  installation = newInstallation()
  const lock = {
    lockfileVersion: 3,
    packages: {
      '': { name: 'mine', version: '1.0.0', dependencies: { 'mcp-remote': '0.1.15' } },
      'node_modules/mcp-remote': { version: '0.1.15', dependencies: { express: '^4' } },
      'node_modules/express': { version: '4.21.0' },
      'node_modules/unrelated': { version: '9.0.0' },
    },
  }
  writeFiles(installation.cwd, {
    '.mcp.json': JSON.stringify({
      mcpServers: { crm: { command: 'npx', args: ['mcp-remote'] }, own: { command: 'node', args: ['dist/server.js'] } },
    }),
    '.vscode/mcp.json': JSON.stringify({
      servers: { fs: { command: 'npx', args: ['@modelcontextprotocol/server-filesystem@2025.3.28'] } },
    }),
    'package.json': JSON.stringify({ name: 'mine', version: '1.0.0' }),
    'package-lock.json': JSON.stringify(lock),
  })
  // Somebody's own servers: a pipeline looks at the repository alone.
  writeFiles(installation.home, {
    '.cursor/mcp.json': '{"mcpServers":{"private":{"command":"node","args":["/x.js"]}}}',
  })
  ended = await scan(installation, ['--project', '.', '--sarif', 'upkeep.sarif', '--fail-on', 'high'])
})
afterAll(() => removeInstallation(installation))

test('the project’s entries are seen, and nobody’s home', () => {
  const names = seenFacts(installation, 'declared-server', DeclaredServer).map(({ facts }) => facts.name)
  expect(names.sort()).toEqual(['crm', 'fs', 'own'])
  expect(ended.exitCode).toBe(1)
})

/** Written down from the lockfile by hand: the package, the version, and all that it needs. */
test.each([
  ['crm', '0.1.15', ['express@4.21.0', 'mcp-remote@0.1.15']],
  ['own', '1.0.0', ['mine@1.0.0', 'express@4.21.0', 'mcp-remote@0.1.15']],
])('%s is judged by what the lockfile pins, although nothing is installed', (name, version, components) => {
  const resolved = seenFacts(installation, 'resolved-package', ResolvedPackage).find(
    ({ subject }) => subject.name === name,
  )
  const copy = resolved?.facts.installed[resolved.facts.wouldRun ?? -1]
  expect(copy?.version).toBe(version)
  expect(copy?.components.map((one) => `${one.name}@${one.version}`)).toEqual(components)
  expect(copy?.components.every((one) => one.evidence?.technique === 'lockfile' && one.digest === null)).toBe(true)
})

test('the vulnerable version in the lockfile is found, for each server that has it', () => {
  expect(ended.stdout).toMatch(/crm {2,}CVE-2025-6514 in mcp-remote 0\.1\.15/)
})
