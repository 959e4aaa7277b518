import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MadeRepository, madeRepository } from '@upkeep/engine/change/testing/made-repository'
import { beforeEach, describe, expect, test } from 'vitest'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { undo } from './undo.ts'

const name = '@acme/files'
const entry = (version: string) =>
  `{\n  // of the team\n  "mcpServers": {\n    "fs": { "command": "npx", "args": ["-y", "${name}@${version}", "/srv"] },\n    "old": { "command": "npx", "args": ["-y", "${name}@${version}", "/old"] }\n  }\n}\n`
const reason = 'The team takes its versions in the repository'

let product: TestProduct
let repository: MadeRepository
beforeEach(() => {
  product = testProduct({}, presentPerson())
  repository = madeRepository(join(product.home, 'project'))
  repository.write('.mcp.json', entry('1.0.0'))
  repository.write('secret.env', 'not known to git')
  repository.commit('.mcp.json')
  yaml('')
})

function yaml(more: string): void {
  product.write('upkeep.yaml', `version: 1\nprojects: [project]\n${more}`)
}

const asked = { what: ['fs'], to: '1.0.1', branch: true, reason }
const ask = (more = {}) => product.run(fix, { ...asked, key: 'k', ...more })
const inTree = () => readFileSync(join(product.home, 'project/.mcp.json'), 'utf8')

describe('fix --branch', () => {
  test('makes a branch and the text of a pull request, writes nothing, and is closed once the file shows it', async () => {
    const { output, text } = await ask()
    const change = output.change
    if (change === null) throw new Error('there is no change')
    const [effect] = change.plan.effects
    if (effect?.kind !== 'git-ref') throw new Error('it is no branch')
    expect(inTree()).toBe(entry('1.0.0'))
    expect(repository.git('cat-file', 'blob', `${effect.ref}:.mcp.json`)).toBe(
      entry('1.0.0').replace(`${name}@1.0.0", "/srv`, `${name}@1.0.1", "/srv`).trim(),
    )
    expect(change).toMatchObject({
      phase: 'applied',
      sighting: { pending: [expect.stringContaining('is not merged')] },
    })
    const shown = text({ width: 100, colour: false, ascii: true, verbose: false })
    expect(shown).toContain(`git -C ${repository.top} push -u origin ${effect.ref.replace('refs/heads/', '')}`)
    const { pullRequest } = output
    for (const head of ['What it does', 'Why', 'What it means', 'Tests', 'Risk', 'Way back', 'What to check'])
      expect(pullRequest).toContain(`## ${head}\n`)
    expect(pullRequest).toContain(reason)
    expect(pullRequest).toContain('rollback rehearsed')
    expect(pullRequest).toContain('upkeep undo')
    expect(pullRequest).not.toContain(product.home)
    // The same text again, from what was sealed.
    const again = await product.run(changes, { change: change.id, pullRequest: true })
    expect(again.text({ width: 100, colour: false, ascii: true, verbose: false })).toBe(pullRequest)
    repository.git('merge', '--quiet', '--ff-only', effect.ref)
    expect((await product.run(fix, { change: change.id })).output.change).toMatchObject({
      phase: 'closed',
      outcome: 'done',
    })
  })

  test('takes several servers of one repository into one commit', async () => {
    const { output } = await ask({ what: ['fs', 'old'] })
    expect(output.change?.plan.effects).toHaveLength(1)
    const [effect] = output.change?.plan.effects ?? []
    const at = effect?.kind === 'git-ref' ? effect.ref : ''
    expect(repository.git('cat-file', 'blob', `${at}:.mcp.json`)).toBe(entry('1.0.1').trim())
    expect(repository.git('rev-list', '--count', `main..${at}`)).toBe('1')
  })

  test('what lies in no repository is left out and named; where nothing lies in one it says so', async () => {
    product.write('.cursor/mcp.json', entry('1.0.0'))
    const { output } = await ask()
    expect(output.change?.plan.limits.join()).toContain(
      `left out: ${join(product.home, '.cursor/mcp.json')} lies in no Git`,
    )
    expect(readFileSync(join(product.home, '.cursor/mcp.json'), 'utf8')).toBe(entry('1.0.0'))
    product.write('.cursor/mcp.json', entry('1.0.0').replaceAll('"fs"', '"lone"'))
    await expect(ask({ what: ['lone'] })).rejects.toThrow('lies in a Git repository')
  })

  test('asked for again it says that the branch is there; taken back it can be asked for again', async () => {
    const { output } = await ask()
    await expect(ask()).rejects.toThrow('a branch of that name is there already')
    const undone = await product.run(undo, { change: output.change?.id })
    expect(undone.output.change.outcome).toBe('rolled-back')
    expect(repository.git('for-each-ref', 'refs/heads/upkeep')).toBe('')
    expect((await ask()).output.change?.phase).toBe('applied')
  })

  test('begins where it is told to, else at the default branch of origin', async () => {
    const first = repository.git('rev-parse', 'HEAD')
    repository.git('update-ref', 'refs/remotes/origin/main', first)
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    repository.write('more', 'x')
    const second = repository.commit('more')
    const baseOf = async (more: object) => {
      const { output } = await ask(more)
      const [at] = output.change?.plan.branch?.repositories ?? []
      return at?.base
    }
    expect(await baseOf({})).toBe(first)
    expect(await baseOf({ base: 'main', what: ['old'] })).toBe(second)
    await expect(ask({ base: 'nowhere' })).rejects.toThrow('no branch or commit of the name "nowhere"')
  })

  test('no more branches wait than upkeep.yaml allows', async () => {
    yaml('branches: { mostOpen: 1 }\n')
    const { output } = await ask()
    const held = await ask({ what: ['old'] }).catch((error: Error) => error.message)
    expect(held).toMatch(/1 branches wait to be merged.*mostOpen in upkeep.yaml is 1/)
    await product.run(undo, { change: output.change?.id })
    const { output: open } = await product.run(changes, {})
    expect((await product.run(fix, { change: open.changes[0]?.id ?? '' })).output.change?.phase).toBe('applied')
  })

  test('a version that was published only now waits until it is old enough; the day is said', async () => {
    const version = (day: string) => ({ dist: {}, day })
    const versions = { '1.0.0': version('2026-01-01'), '1.0.1': version('2026-11-21') }
    const time = Object.fromEntries(Object.entries(versions).map(([key, { day }]) => [key, `${day}T00:00:00.000Z`]))
    product.write(
      'packument.json',
      JSON.stringify({
        name,
        'dist-tags': { latest: '1.0.1' },
        time,
        versions: Object.fromEntries(Object.keys(versions).map((key) => [key, { name, version: key, dist: {} }])),
      }),
    )
    yaml('feeds: { registry: [packument.json] }\nbranches: { minimumAgeDays: 3 }\n')
    await expect(ask()).rejects.toThrow(
      'published only on 2026-11-21: by branches.minimumAgeDays a branch for it is made from 2026-11-24 on',
    )
    product.clock.advance(3 * 86_400)
    const { output } = await product.run(changes, {})
    expect((await product.run(fix, { change: output.changes[0]?.id ?? '', key: 'k' })).output.change?.phase).toBe(
      'applied',
    )
  })
})

describe('fix --skip', () => {
  const skip = { what: ['fs'], skip: '1.0.1' }

  test('holds every change to that version until its day is over or it is taken back', async () => {
    await expect(product.run(fix, skip)).rejects.toThrow('takes a last day and a reason')
    await product.run(fix, { ...skip, until: '10d', reason: 'It loses files' })
    const held = /@acme\/files 1.0.1 is passed over until 2026-12-02 by ada: It loses files/
    await expect(ask()).rejects.toThrow(held)
    await expect(ask({ branch: false })).rejects.toThrow(held)
    await product.run(fix, { ...skip, withdraw: true })
    expect((await ask({ branch: false })).output.change?.outcome).toBe('done')
    await expect(product.run(fix, { ...skip, withdraw: true })).rejects.toThrow('is not passed over')
  })
})
