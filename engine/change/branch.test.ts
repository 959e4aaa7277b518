import { join } from 'node:path'
import type { ChangeInput } from '@upkeep/contract/change'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeChange, takeBack } from './drive-change.ts'
import { planChange, proposeChange } from './propose-change.ts'
import { storedChange } from './record-step.ts'
import { branchPending } from './ref-effect.ts'
import { rehearseRollback } from './rehearse-rollback.ts'
import { branchOf, type MadeRepository, madeRepository } from './testing/made-repository.ts'
import { ada, alone, approve, type MadeWorld, makeWorld } from './testing/made-world.ts'

const file = '// ours\r\n{ "args": [ "server@1.0.0" ],\n  "x": 1 }'
const changed = file.replace('1.0.0', '2.0.0')
const back = { why: 'a test', signer: ada }
const ref = 'refs/heads/upkeep/fs'

let made: MadeWorld
let repository: MadeRepository
beforeEach(async () => {
  made = await makeWorld([])
  const { world } = made
  Object.assign(world, {
    observe: async (state: ChangeState) => {
      const pending = state.phase === 'undone' ? [] : await branchPending(state.plan, state.id, world)
      return { holds: true, findings: [], pending }
    },
  })
  repository = madeRepository(join(made.root, 'home', 'project'))
  repository.write('README', 'a project\n')
  repository.write('tools/.mcp.json', file)
  repository.commit('README', 'tools/.mcp.json')
})
afterEach(() => made.drop())

function inputFor(path = join(repository.top, 'tools/.mcp.json')): ChangeInput {
  return { kind: 'set-server-version', path, server: 'fs', package: 'server', from: '1.0.0', to: '2.0.0' }
}

async function proposed(inputs: ChangeInput[] = [inputFor()]): Promise<ChangeState> {
  const wanted = { inputs, title: 'set fs to 2.0.0', class: 'normal' as const, closes: [] }
  const plan = await planChange(made.world, { ...wanted, branch: await branchOf(repository, 'fs') })
  if (plan === null) throw new Error('there is nothing to change')
  return approve(made, await proposeChange(made.world, plan, { requester: ada, reason: null }))
}

function make(state: ChangeState): Promise<ChangeState> {
  return makeChange(made.world, state, alone)
}

/** What git says of a branch; null where there is none. */
function branch(name = ref): string | null {
  const said = repository.git('for-each-ref', '--format=%(objectname)', name)
  return said === '' ? null : said
}

describe('a change that becomes a branch', () => {
  test('is one commit with the intended edit alone; work tree, index and other branches stay, whatever lies in them', async () => {
    repository.write('README', 'edited and not committed\n')
    repository.write('new', 'not known to git\n')
    repository.write('staged', 'staged\n')
    repository.git('add', 'staged')
    repository.write('tools/.mcp.json', `${file}\n// mine`)
    const before = repository.all()
    const state = await make(await proposed())
    expect(repository.all()).toEqual(before)
    expect(state).toMatchObject({ phase: 'applied', outcome: null })
    expect(state.plan.limits.join()).toContain('lies there with other content than main has')
    expect(repository.git('diff-tree', '-r', '--name-status', '--no-commit-id', ref)).toBe('M\ttools/.mcp.json')
    expect(repository.git('rev-list', '--count', `main..${ref}`)).toBe('1')
    expect(repository.git('cat-file', 'blob', `${ref}:tools/.mcp.json`)).toBe(changed)
    expect(repository.git('log', '-1', '--format=%an <%ae> %cn %cI %s', ref)).toBe(
      'Ada <ada@example.org> Ada 2026-11-22T09:30:00+00:00 set fs to 2.0.0',
    )
  })

  test('waits until the file shows it, and is closed then, in whichever way it was merged', async () => {
    const state = await make(await proposed())
    expect(state.sighting?.pending).toEqual([
      `branch upkeep/fs of ${repository.top} is not merged: ${join(repository.top, 'tools/.mcp.json')} is as it was`,
    ])
    expect(await make(state)).toMatchObject({ phase: 'applied' })
    // Squashed together with an edit of somebody else's.
    repository.git('merge', '--squash', '--quiet', ref)
    repository.write('tools/.mcp.json', changed.replace('"x": 1', '"x": 2'))
    repository.git('commit', '--quiet', '-a', '--message', 'squashed')
    repository.git('branch', '-D', '--quiet', 'upkeep/fs')
    const closed = await make((await storedChange(made.store, state.id)) ?? state)
    expect(closed).toMatchObject({ phase: 'closed', outcome: 'done' })
  })

  test('a branch that was deleted and not merged is said to be gone', async () => {
    const state = await make(await proposed())
    repository.git('branch', '-D', '--quiet', 'upkeep/fs')
    const again = await make(state)
    expect(again.sighting?.pending.join()).toMatch(/is gone, and .*upkeep undo/)
    expect(await takeBack(made.world, again, back, alone)).toMatchObject({ outcome: 'rolled-back' })
  })

  test('of several entries in several repositories is one commit in each', async () => {
    const other = madeRepository(join(made.root, 'home', 'other'))
    const path = other.write('.mcp.json', file)
    other.commit('.mcp.json')
    const both = await branchOf(repository, 'fs')
    const more = await branchOf(other, 'fs')
    const wanted = { inputs: [inputFor(), inputFor(path)], title: 'set fs', class: 'normal' as const, closes: [] }
    const repositories = [...both.repositories, ...more.repositories]
    const plan = await planChange(made.world, { ...wanted, branch: { ...both, repositories } })
    if (plan === null) throw new Error('nothing to do')
    const state = await make(
      await approve(made, await proposeChange(made.world, plan, { requester: ada, reason: null })),
    )
    expect(state.plan.effects.map(({ after }) => after)).toEqual([
      { state: 'commit', commit: branch() },
      { state: 'commit', commit: other.git('rev-parse', ref) },
    ])
  })

  test('of a repository with SHA-256 is made as well', async () => {
    repository = madeRepository(join(made.root, 'home', 'new'), 'sha256')
    repository.write('tools/.mcp.json', file)
    repository.commit('tools/.mcp.json')
    await make(await proposed())
    expect(branch()).toMatch(/^[0-9a-f]{64}$/)
  })

  test('runs nothing that the repository names', async () => {
    const marks = repository.trap()
    const state = await make(await proposed())
    await takeBack(made.world, state, back, alone)
    expect(marks()).toEqual([])
    // The traps work: what the owner does sets them off.
    repository.git('-c', 'commit.gpgSign=false', 'commit', '--quiet', '--allow-empty', '--message', 'x')
    expect(marks().length).toBeGreaterThan(2)
  })

  test('is rehearsed on a repository of ours', async () => {
    const before = repository.all()
    const state = await proposed()
    const tested = await rehearseRollback(made.world, state, join(made.root, 'rehearsals'))
    expect(tested).toMatchObject({ outcome: 'passed', detail: expect.stringContaining('only these files') })
    expect([repository.all(), branch()]).toEqual([before, null])
  })
})

describe('taking a branch back', () => {
  test('takes away the branch and nothing else', async () => {
    const before = repository.all()
    const state = await make(await proposed())
    expect(await takeBack(made.world, state, back, alone)).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
    expect([repository.all(), branch()]).toEqual([before, null])
  })

  const kept: readonly [string, RegExp, () => void][] = [
    [
      'what somebody added to it',
      /added to the branch/,
      () => {
        const tree = repository.git('rev-parse', `${ref}^{tree}`)
        repository.git('update-ref', ref, repository.git('commit-tree', tree, '-p', ref, '-m', 'more'))
      },
    ],
    [
      'one that is checked out',
      /it is checked out in/,
      () => repository.git('worktree', 'add', '-q', join(made.root, 'wt'), 'upkeep/fs'),
    ],
    ['one that was merged', /it was merged.*git revert/, () => repository.git('merge', '--quiet', '--ff-only', ref)],
  ]
  test.each(kept)('leaves %s', async (_, why, meddle) => {
    const state = await make(await proposed())
    meddle()
    const there = branch()
    const undone = await takeBack(made.world, state, back, alone)
    expect(undone.outcome).toBe('rolled-back-in-part')
    expect([...undone.left.values()].join()).toMatch(why)
    expect(branch()).toBe(there)
  })
})

describe('a branch is not made', () => {
  test('where one of that name came meanwhile, before or in the middle', async () => {
    const state = await proposed()
    repository.git('branch', 'upkeep/fs')
    await expect(make(state)).rejects.toThrow('no longer what change')
    repository.git('branch', '-D', '--quiet', 'upkeep/fs')
    Object.assign(made.world, {
      between: (call: string) => call === 'move ref' && branch() === null && repository.git('branch', 'upkeep/fs'),
    })
    const ended = await make(state)
    expect(ended).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
    expect(branch()).toBe(repository.git('rev-parse', 'main'))
  })

  test('where a name of that kind only points elsewhere', async () => {
    repository.git('symbolic-ref', ref, 'refs/heads/main')
    await expect(proposed()).rejects.toThrow('only points to refs/heads/main')
  })

  const refused: readonly [string, RegExp, () => ChangeInput[]][] = [
    [
      'of a file that git does not know',
      /does not have it yet|not there/,
      () => [inputFor(repository.write('own.json', file))],
    ],
    [
      'of a file outside of the repository',
      /none of the repositories/,
      () => [inputFor(), inputFor(made.write('one.json', file))],
    ],
    [
      'of a secret, which history keeps',
      /history of a repository keeps a secret/,
      () => [
        {
          kind: 'move-secret',
          path: inputFor().path,
          server: 'fs',
          secret: { in: 'env', name: 'A' },
          to: { store: 'file' },
        },
      ],
    ],
    [
      'where the configuration names hooks',
      /its configuration names hooks/,
      () => {
        repository.git('config', 'hook.trap.command', 'touch trapped')
        return [inputFor()]
      },
    ],
  ]
  test.each(refused)('%s', async (_, why, inputs) => {
    const branchNow = await branchOf(repository, 'fs')
    const wanted = { inputs: inputs(), title: 't', class: 'normal' as const, closes: [] }
    await expect(planChange(made.world, { ...wanted, branch: branchNow })).rejects.toThrow(why)
    expect(branch()).toBeNull()
  })
})

test('stopped anywhere it goes on to the end, and is not made twice', async () => {
  for (const stop of ['recorded applying', 'unpack objects', 'move ref', 'record effect-done', 'record applied']) {
    const state = await proposed()
    Object.assign(made.world, {
      between: (call: string) => {
        if (call === stop) throw new Error('stopped')
      },
    })
    const ended = await make(state).catch((error: Error) => error.message)
    Object.assign(made.world, { between: undefined })
    const stored = await storedChange(made.store, state.id)
    if (stored === null) throw new Error('it is lost')
    expect(ended).toBe('stopped')
    const done = await make(stored)
    expect([stop, done.phase, done.done.size], stop).toEqual([stop, 'applied', 1])
    expect(await takeBack(made.world, done, back, alone), stop).toMatchObject({ outcome: 'rolled-back' })
    expect(branch()).toBeNull()
  }
})
