import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { factsOf, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const site = 'lib/python3.12/site-packages'

function environment(root: string, version: string): Record<string, string> {
  return {
    [`${root}/${site}/mcp-${version}.dist-info/METADATA`]: `Name: mcp\nVersion: ${version}\n`,
    [`${root}/${site}/mcp-${version}.dist-info/RECORD`]: 'mcp/__init__.py,,\n',
    [`${root}/${site}/mcp/__init__.py`]: 'two',
  }
}

const uvLock = '[[package]]\nname = "mcp"\nversion = "1.8.0"\nsource = { registry = "https://pypi.org/simple" }\n'

function run(command = 'python', script = 'srv/app/server.py') {
  const launch = { via: 'python', script: join(home.path, script), module: null } as const
  return home.collect(launch, { command: { kind: 'plain', text: command } })
}

function packages(facts: ReturnType<typeof factsOf>) {
  return facts.installed[0]?.components.map(({ name, version, evidence }) => [name, version, evidence?.technique])
}

describe('a Python script', () => {
  test('with an environment beside it or above it: what is installed there, before any lockfile', async () => {
    home.write({ 'srv/app/server.py': 'x', ...environment('srv/.venv', '1.9.0'), 'srv/app/uv.lock': uvLock })
    const facts = factsOf(await run())
    expect(packages(facts)).toEqual([['mcp', '1.9.0', undefined]])
    const script = join(home.path, 'srv/app/server.py')
    expect(facts).toMatchObject({
      wouldRun: 0,
      installed: [{ where: 'script', root: join(home.path, 'srv/.venv'), script }],
    })
    const before = facts.installed[0]?.digest
    home.write({ [`srv/.venv/${site}/mcp/more.py`]: 'changed' })
    expect(factsOf(await run()).installed[0]?.digest).not.toBe(before)
  })

  test('with an interpreter named by its path: the environment of that', async () => {
    home.write({ 'srv/app/server.py': 'x', ...environment('srv/.venv', '1.9.0'), ...environment('env', '1.2.0') })
    expect(packages(factsOf(await run(join(home.path, 'env/bin/python3'))))).toEqual([['mcp', '1.2.0', undefined]])
  })

  test('with a lockfile only: what that names, and that it was not seen', async () => {
    home.write({ 'srv/app/server.py': 'x', 'srv/uv.lock': uvLock, 'uv.lock': uvLock.replace('1.8.0', '1.0.0') })
    const facts = factsOf(await run())
    expect(packages(facts)).toEqual([['mcp', '1.8.0', 'lockfile']])
    expect(facts.installed[0]?.problems).toEqual([expect.stringContaining('known by uv.lock only')])
  })

  test('with requirements: what is pinned, and what is not is a problem', async () => {
    home.write({ 'srv/app/server.py': 'x', 'srv/app/requirements.txt': 'mcp==1.8.0\nhttpx\n' })
    const facts = factsOf(await run())
    expect(packages(facts)).toEqual([['mcp', '1.8.0', 'lockfile']])
    expect(facts.installed[0]?.problems.join()).toContain('1 lines pin no version')
  })

  test('with neither, and what lies in the home itself is nobody’s', async () => {
    home.write({ 'srv/app/server.py': 'x', 'requirements.txt': 'mcp==1.8.0' })
    expect(factsOf(await run()).installed[0]).toMatchObject({ where: 'script', components: [], problems: [] })
  })
})
