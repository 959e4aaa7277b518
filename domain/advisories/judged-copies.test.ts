import type { Seen } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { partsToJudge } from './judged-copies.ts'
import { copyOf, declared, npx, resolved } from './testing/given.ts'

const remote = 'mcp-remote'
const pinned = npx(remote, '0.1.16').facts.launch
const unpinned = npx(remote, null).facts.launch
const script = declared({ via: 'node', script: '/srv/server.js', module: null }).facts.launch
const old = copyOf('mcp-remote@0.1.14', 'express@4.21.0')
const closed: Seen<'resolved-package'> = { state: 'unavailable', code: 'permission-denied', reason: 'may not be read' }
const evidence = { technique: 'lockfile', confidence: 0.7, file: '', detail: '' } as const

function versions(launch: typeof pinned, seen: Seen<'resolved-package'>): string[] {
  return partsToJudge(launch, seen).parts.map((part) => `${part.name}@${part.version}${part.direct ? ' direct' : ''}`)
}

describe('partsToJudge', () => {
  test('the copy that would run, whole', () => {
    const seen = resolved(remote, [copyOf('mcp-remote@0.1.16'), old], { wouldRun: 1 })
    expect(versions(pinned, seen)).toEqual(['mcp-remote@0.1.14 direct', 'express@4.21.0'])
    expect(partsToJudge(pinned, seen)).toMatchObject({ unknowns: [], whole: true, notApplicable: null })
  })

  test('pinned, and another version is installed: both, and it is said', () => {
    const seen = resolved(remote, [old], { wouldRun: null, why: 'the pin is not cached' })
    expect(versions(pinned, seen)).toEqual(['mcp-remote@0.1.16 direct', 'mcp-remote@0.1.14 direct', 'express@4.21.0'])
    expect(partsToJudge(pinned, seen)).toMatchObject({
      whole: false,
      unknowns: [expect.stringContaining('not cached')],
    })
  })

  test.each([
    ['unpinned and not installed', unpinned, resolved(remote, [], { why: 'no cached copy' }), [], 'no cached copy'],
    ['pinned, and may not be looked for', pinned, closed, ['mcp-remote@0.1.16 direct'], 'may not be read'],
    ['a script without a package', script, resolved('x', [{ ...old, components: [] }]), [], 'no package was found'],
    [
      'a tree that could not be read whole',
      pinned,
      resolved(remote, [{ ...copyOf('mcp-remote@0.1.16'), problems: ['node_modules/x: no permission'] }]),
      ['mcp-remote@0.1.16 direct'],
      'could not be read: node_modules/x: no permission',
    ],
    [
      'a package without a version',
      pinned,
      resolved(remote, [copyOf('mcp-remote@0.1.16', 'odd')]),
      ['mcp-remote@0.1.16 direct', 'odd@null'],
      '1 packages in /home/ada/.npm/_npx/0123456789abcdef state no version: odd',
    ],
  ] as const)('%s', (_name, launch, seen, parts, unknown) => {
    expect(versions(launch, seen)).toEqual(parts)
    const judged = partsToJudge(launch, seen)
    expect(judged.whole).toBe(false)
    expect(judged.unknowns.join('\n')).toContain(unknown)
  })

  test.each([
    ['npm', { path: 'node_modules/express' }, '/srv/package.json'],
    ['PyPI', { path: 'lib/python3.12/site-packages/mcp.dist-info' }, 'the environment /srv'],
    ['PyPI', { path: 'requirements.txt', evidence }, 'requirements.txt'],
    ['PyPI', { path: 'uv.lock', evidence }, 'pyproject.toml, and lock again'],
  ] as const)(
    'what a project of one’s own needs is raised where the project chooses it: %s %j',
    (ecosystem, at, raiseIn) => {
      const component = { ecosystem, name: 'needed', version: '1.0.0', digest: null, ...at }
      const seen = resolved('server', [{ ...old, where: 'script', root: '/srv', components: [component] }])
      expect(partsToJudge(script, seen).parts).toMatchObject([{ name: 'needed', direct: false, raiseIn }])
      const installed = resolved('server', [{ ...old, components: [component] }])
      expect(partsToJudge(pinned, installed).parts[0]).not.toHaveProperty('raiseIn')
    },
  )

  test('what the engine says by itself is not said twice', () => {
    expect(partsToJudge(unpinned, closed)).toMatchObject({ parts: [], unknowns: [], whole: false })
  })

  test('elsewhere: not applicable', () => {
    const judged = partsToJudge({ via: 'remote' }, { state: 'absent', reason: 'by URL' })
    expect(judged.notApplicable).toContain('runs elsewhere')
  })
})
