import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import { currentFrontier } from './frontier.ts'
import { rotateKey } from './rotate-key.ts'
import {
  dropStore,
  type MadeStore,
  makeSealedStore,
  makeStore,
  minute,
  sealRound,
  tamper,
} from './testing/made-store.ts'
import { type Against, verifyStore } from './verify-store.ts'

const opened: MadeStore[] = []
afterEach(async () => {
  for (const made of opened.splice(0)) await dropStore(made)
})

async function sealed(rounds: number): Promise<MadeStore> {
  const made = await makeSealedStore(rounds)
  opened.push(made)
  return made
}

async function problemsOf(made: MadeStore, against: Against = {}): Promise<string[]> {
  const { problems } = await verifyStore(made.store, against)
  return problems.map(({ what, index, record }) => `${what} ${index} ${record?.id ?? '-'}`)
}

async function latestNote(made: MadeStore): Promise<string> {
  return (await made.store.checkpoints.latest())?.note ?? ''
}

describe('an untouched store', () => {
  test('is valid, and says what cannot be told', async () => {
    const made = await sealed(3)
    const found = await verifyStore(made.store)
    expect(found).toMatchObject({ valid: true, problems: [], leaves: 7, records: 7, checkpoints: 3, objects: 9 })
    expect(found.cannotTell.join('\n')).toMatch(
      /newest records were removed[\s\S]*no checkpoint exported earlier was given/,
    )
    expect(found.cannotTell.join('\n')).toContain('Whose key it is')
  })

  test('is consistent with every checkpoint it ever had, and with its own key', async () => {
    const made = await sealed(3)
    const earlier = (await made.store.checkpoints.list()).map(({ note }) => note)
    const [key] = await made.store.keys.list()
    const found = await verifyStore(made.store, { earlier, keys: [String(key?.key)] })
    expect(found).toMatchObject({ valid: true, earlier: 3 })
    expect(found.cannotTell.join('\n')).not.toMatch(/newest records were removed|Whose key/)
    const partly = await verifyStore(made.store, { earlier: earlier.slice(0, 1) })
    expect(partly.cannotTell.join('\n')).toContain('leaves 3 to 6')
  })

  test('a key or a checkpoint that is none is wrong usage, not wrong evidence', async () => {
    const made = await sealed(1)
    await expect(verifyStore(made.store, { keys: ['x'] })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(verifyStore(made.store, { earlier: ['x'] })).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('an empty one is valid and holds nothing', async () => {
    const made = await makeStore()
    opened.push(made)
    expect(await verifyStore(made.store)).toMatchObject({ valid: true, leaves: 0, checkpoints: 0, origin: null })
  })

  test('keeps its key for its owner alone', async () => {
    const made = await sealed(1)
    const folder = join(made.stateDir, 'keys')
    const [file = ''] = readdirSync(folder)
    expect(file).toMatch(/^ledger-[0-9a-f]{8}\.pem$/)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  })
})

describe('a changed store', () => {
  const runBody = `update runs set body = replace(body, '"outcome":"completed"', '"outcome":"failed"') where id = 'run-2'`
  test.each<[string, string[], string[]]>([
    ['a changed run', [runBody], ['record-changed 3 run-2', 'column-differs 3 run-2']],
    ['a changed column', [`update runs set outcome = 'failed' where id = 'run-2'`], ['column-differs 3 run-2']],
    ['a dropped finding', [`delete from findings where id = 'finding-1'`], ['record-missing 2 finding-1']],
    [
      'a finding under another id',
      [`update findings set id = 'finding-9' where id = 'finding-1'`],
      ['record-missing 2 finding-1', 'record-unsealed null finding-9', 'column-differs null finding-9'],
    ],
    [
      'a record that was never sealed',
      [`insert into acceptances (id, body, fingerprint, "until") values ('a', '{}', 'f', 'u')`],
      ['record-unsealed null a', 'column-differs null a'],
    ],
    [
      'a missing leaf',
      [`delete from ledger where position = 3`],
      ['leaf-missing 3 -', 'root-differs 3 -', 'record-unsealed null run-2'],
    ],
    [
      'a changed leaf',
      [`update ledger set leaf_hash = replace(leaf_hash, substr(leaf_hash, 1, 4), 'beef') where position = 4`],
      ['record-changed 4 finding-2', 'root-differs 3 -'],
    ],
    ['a leaf of an unknown type', [`update ledger set type = 'x' where position = 6`], ['unreadable 0 -']],
    [
      'a changed checkpoint',
      [`update checkpoints set root = replace(root, substr(root, 1, 4), 'beef') where size = 3`],
      ['checkpoint-invalid null -', 'root-differs 0 -'],
    ],
    ['a note that is none', [`update checkpoints set note = 'x' where size = 5`], ['checkpoint-invalid null -']],
    [
      'a cut tail whose checkpoint stayed',
      [`delete from ledger where position > 4`],
      ['tail-removed 5 -', 'record-unsealed null run-3', 'record-unsealed null finding-3'],
    ],
    ['a removed last checkpoint', [`delete from checkpoints where size = 7`], ['tail-unsigned 5 -']],
  ])('%s is named', async (_name, statements, expected) => {
    const made = await sealed(3)
    tamper(made, ...statements)
    const found = await problemsOf(made)
    for (const problem of expected) expect(found).toContain(problem)
    expect((await verifyStore(made.store)).valid).toBe(false)
  })

  test('records that changed places are named with where they belong', async () => {
    const made = await sealed(2)
    const swap = (from: string, to: string) => `update runs set id = '${to}' where id = '${from}'`
    tamper(made, swap('run-1', 'x'), swap('run-2', 'run-1'), swap('x', 'run-2'))
    const found = await verifyStore(made.store)
    expect(found.problems).toContainEqual({
      what: 'record-moved',
      index: 1,
      record: { type: 'run', id: 'run-1' },
      detail: 'it holds what was sealed at leaf 3',
    })
    expect(await problemsOf(made)).toContain('record-moved 3 run-2')
  })

  test('re-ordered leaves are named', async () => {
    const made = await sealed(2)
    const move = (from: number, to: number) => `update ledger set position = ${to} where position = ${from}`
    tamper(made, move(1, 99), move(3, 1), move(99, 3))
    expect(await problemsOf(made)).toEqual(expect.arrayContaining(['root-differs 0 -', 'order-changed 1 run-2']))
  })

  test('changed and removed objects are named with the record that rests on them', async () => {
    const made = await sealed(2)
    const run = await made.store.runs.get('run-1')
    const manifest = JSON.parse((await made.store.objects.get(run?.observations ?? '')) ?? '[]')
    tamper(
      made,
      `update objects set body = cast('[]' as blob) where digest = '${run?.verdicts}'`,
      `delete from objects where digest = '${manifest[0].observation}'`,
    )
    expect(await problemsOf(made)).toEqual(['object-changed 1 run-1', 'object-missing 1 run-1'])
  })

  test('is not built upon', async () => {
    const made = await sealed(2)
    const other = { ...made, keyring: { ...made.keyring, frontier: { size: 0, roots: [] } } }
    tamper(made, `update ledger set leaf_hash = substr(leaf_hash, 3) || '00' where position = 1`)
    rmSync(join(made.stateDir, 'ledger-frontier.json'))
    await expect(sealRound(other, 3)).rejects.toMatchObject({ code: 'evidence-invalid' })
    expect(await made.store.runs.get('run-3')).toBeNull()
  })
})

describe('a removed tail', () => {
  const cut = [
    `delete from ledger where position > 2`,
    `delete from checkpoints where size > 3`,
    `delete from runs where id <> 'run-1'`,
    `delete from findings where id <> 'finding-1'`,
  ]

  test('cannot be told from the store alone, and the result says so', async () => {
    const made = await sealed(3)
    tamper(made, ...cut)
    const found = await verifyStore(made.store)
    expect(found.valid).toBe(true)
    expect(found.cannotTell[0]).toContain('no checkpoint exported earlier was given')
  })

  test('fails against an earlier checkpoint', async () => {
    const made = await sealed(3)
    const earlier = await latestNote(made)
    tamper(made, ...cut)
    const found = await verifyStore(made.store, { earlier: [earlier] })
    expect(found.problems).toMatchObject([
      { what: 'earlier-differs', detail: expect.stringContaining('leaves 3 to 6') },
    ])
  })
})

describe('a ledger rewritten whole', () => {
  test('with its real key: fails against any earlier checkpoint', async () => {
    const made = await sealed(3)
    const earlier = (await made.store.checkpoints.list()).map(({ note }) => note)
    const wipe = ['ledger', 'checkpoints', 'runs', 'findings', 'keys'].map((table) => `delete from ${table}`)
    tamper(made, ...wipe)
    for (const count of [1, 2, 4, 5]) await sealRound(made, count)
    const alone = await verifyStore(made.store)
    expect(alone).toMatchObject({ valid: true, leaves: 9 })
    expect(await problemsOf(made, { earlier: earlier.slice(2) })).toEqual(['earlier-differs null -'])
  })

  test('with another key: fails against an earlier checkpoint and against the pinned key', async () => {
    const made = await sealed(2)
    const [key] = await made.store.keys.list()
    const other = await sealed(2)
    const earlier = [await latestNote(made)]
    expect(await problemsOf(other, { earlier })).toEqual(['earlier-differs null -'])
    expect(await problemsOf(other, { keys: [String(key?.key)] })).toEqual(['key-invalid null -'])
  })
})

describe('keys', () => {
  test('a new key is in force after a record signed by both; the old private key is gone', async () => {
    const made = await sealed(1)
    const [first] = readdirSync(join(made.stateDir, 'keys'))
    const note = await latestNote(made)
    const record = await rotateKey(made.store, made.keyring, minute(30))
    await sealRound(made, 2)
    expect(record.signatures).toHaveLength(2)
    expect(existsSync(join(made.stateDir, 'keys', first ?? ''))).toBe(false)
    expect(await problemsOf(made, { earlier: [note], keys: [record.key] })).toEqual([])
    const next = { ...made, store: await openStore({ stateDir: made.stateDir }) }
    await sealRound(next, 3)
    await next.store.close()
    expect(await problemsOf(made)).toEqual([])
  })

  test('a lost key, and one that others can read, are said with what to do', async () => {
    const made = await sealed(1)
    const path = join(made.stateDir, 'keys', readdirSync(join(made.stateDir, 'keys'))[0] ?? '')
    made.keyring.read.clear()
    chmodSync(path, 0o644)
    await expect(sealRound(made, 2)).rejects.toMatchObject({
      code: 'state-unusable',
      message: expect.stringContaining('others'),
    })
    rmSync(path)
    await expect(sealRound(made, 2)).rejects.toMatchObject({
      code: 'state-unusable',
      message: expect.stringContaining('is not in'),
    })
  })

  test('a practice ledger and a real one never mix', async () => {
    const made = await sealed(1)
    const practice = { ...made, keyring: { ...made.keyring, practice: true } }
    await expect(sealRound(practice, 2)).rejects.toMatchObject({ code: 'state-unusable' })
  })
})

test('growing reads no old leaves once the frontier is kept', async () => {
  const made = await sealed(4)
  const kept = JSON.parse(readFileSync(join(made.stateDir, 'ledger-frontier.json'), 'utf8'))
  expect(kept).toMatchObject({ size: 9, roots: [expect.any(String), expect.any(String)] })
  const keyring = { ...made.keyring, frontier: { size: 0, roots: [] } }
  const ranges: number[] = []
  await made.store.transaction(async (tx) => {
    const range = (from: number, to: number) => {
      ranges.push(from)
      return tx.ledger.range(from, to)
    }
    expect((await currentFrontier({ ...tx, ledger: { ...tx.ledger, range } }, keyring)).size).toBe(9)
  })
  expect(ranges).toEqual([])
})
