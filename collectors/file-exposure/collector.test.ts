import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileSubject, type Observation, type Settings } from '@upkeep/contract'
import { FileExposure } from '@upkeep/contract/observations/file-exposure'
import type { Place } from '@upkeep/contract/place'
import type { FilesPort } from '@upkeep/contract/ports'
import { noGateways } from '@upkeep/contract/testing/no-gateways'
import { openFiles } from '@upkeep/engine/ports/files'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientConfigs } from '../client-configs/collector.ts'
import { fileExposure } from './collector.ts'

let root = ''
let home = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-exposure-'))
  chmodSync(root, 0o755)
  home = join(root, 'home')
  mkdirSync(home)
  chmodSync(home, 0o755)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, content: string, mode: number): string {
  const file = join(home, path)
  mkdirSync(dirname(file), { recursive: true })
  chmodSync(dirname(file), 0o755)
  writeFileSync(file, content)
  chmodSync(file, mode)
  return file
}
const settings: Settings = {
  probe: [],
  connectToDeclared: false,
  online: false,
  registryUrl: '',
  feeds: { osv: [], registry: [] },
}
const empty = '{"mcpServers": {}}'

/** Reads the configuration with the real collector, then looks at its files. */
async function look(more: Partial<Place> = {}, files: FilesPort = openFiles({ stateDir: null }).files) {
  const place: Place = {
    id: home,
    home,
    platform: 'linux',
    env: {},
    projects: [],
    machine: false,
    upkeepFile: null,
    uid: null,
    ...more,
  }
  mkdirSync(join(root, 'state'), { recursive: true, mode: 0o700 })
  const secrets = openSecrets({ stateDir: join(root, 'state'), env: {} })
  const call = {
    for: { per: 'place' as const, place },
    settings,
    at: '2026-11-22T09:30:00.000Z',
    signal: { aborted: false },
  }
  const seen = await clientConfigs.collect({
    ...call,
    prior: {},
    ports: {
      files,
      places: { list: () => [], ownProgram: () => [], keptObjects: () => '' },
      secrets,
      gateways: noGateways,
    },
  })
  const prior = {
    'client-config': seen.filter((each) => each.kind === 'client-config'),
    'declared-server': seen.filter((each) => each.kind === 'declared-server'),
  }
  return fileExposure.collect({ ...call, prior, ports: { files } })
}
function factsOf(seen: readonly Observation<'file-exposure'>[]): FileExposure {
  const first = seen[0]
  if (first?.state !== 'seen') throw new Error('nothing was seen')
  return FileExposure.parse(first.facts)
}
/** Folders below the test's own, so that the machine's temporary folder does not matter. */
function through(facts: FileExposure): string[] {
  return facts.replaceableThrough
    .filter(({ path }) => path.startsWith(root))
    .map(({ path, mode, by }) => `${path.slice(root.length)} ${mode} ${by}`)
}

describe('mode', () => {
  it.each<[number, string[], string[]]>([
    [0o600, [], []],
    [0o640, ['group'], []],
    [0o644, ['group', 'everyone'], []],
    [0o664, ['group', 'everyone'], ['group']],
    [0o666, ['group', 'everyone'], ['group', 'everyone']],
    [0o604, ['everyone'], []],
  ])('%o', async (mode, readableBy, writableBy) => {
    put('.cursor/mcp.json', empty, mode)
    const facts = factsOf(await look())
    expect(facts).toMatchObject({
      mode: mode.toString(8).padStart(4, '0'),
      readableBy,
      writableBy,
      ownedByUser: true,
      secrets: [],
    })
    expect(facts.uid).toBe(statSync(home).uid)
  })

  it('counts only where every folder on the way lets others through', async () => {
    put('.cursor/mcp.json', empty, 0o666)
    chmodSync(home, 0o700)
    expect(factsOf(await look())).toMatchObject({ mode: '0666', readableBy: [], writableBy: [] })
    chmodSync(home, 0o711)
    expect(factsOf(await look())).toMatchObject({
      readableBy: ['group', 'everyone'],
      writableBy: ['group', 'everyone'],
    })
  })
})

describe('folders on the way', () => {
  it('that others can write let them replace the file; sticky ones do not', async () => {
    put('.cursor/mcp.json', empty, 0o600)
    expect(through(factsOf(await look()))).toEqual([])
    chmodSync(join(home, '.cursor'), 0o777)
    expect(through(factsOf(await look()))).toEqual(['/home/.cursor 0777 group', '/home/.cursor 0777 everyone'])
    chmodSync(join(home, '.cursor'), 0o1777)
    expect(through(factsOf(await look()))).toEqual([])
    chmodSync(join(home, '.cursor'), 0o775)
    expect(through(factsOf(await look()))).toEqual(['/home/.cursor 0775 group'])
    chmodSync(home, 0o700)
    expect(through(factsOf(await look()))).toEqual([])
  })

  it('behind links are looked at too, those of a linked folder and of a linked file', async () => {
    const shared = join(root, 'shared')
    mkdirSync(join(shared, 'deep'), { recursive: true })
    writeFileSync(join(shared, 'deep/mcp.json'), empty)
    chmodSync(join(shared, 'deep/mcp.json'), 0o600)
    chmodSync(join(shared, 'deep'), 0o755)
    chmodSync(shared, 0o777)
    symlinkSync(join(shared, 'deep'), join(home, '.cursor'))
    const linkedFolder = factsOf(await look())
    expect(linkedFolder.realPath).toBe(join(shared, 'deep/mcp.json'))
    expect(through(linkedFolder)).toEqual(['/shared 0777 group', '/shared 0777 everyone'])
    rmSync(join(home, '.cursor'))
    mkdirSync(join(home, '.cursor'))
    symlinkSync(join(shared, 'deep/mcp.json'), join(home, '.cursor/mcp.json'))
    chmodSync(join(home, '.cursor'), 0o775)
    expect(through(factsOf(await look()))).toEqual([
      '/home/.cursor 0775 group',
      '/shared 0777 group',
      '/shared 0777 everyone',
    ])
  })

  it.skipIf(process.getuid?.() !== 0)('and files of another user are told apart', async () => {
    const file = put('.cursor/mcp.json', empty, 0o600)
    chownSync(home, 1234, 1234)
    chownSync(file, 4321, 4321)
    chownSync(join(home, '.cursor'), 4321, 4321)
    const facts = factsOf(await look())
    expect(facts).toMatchObject({ uid: 4321, gid: 4321, owner: null, ownedByUser: false })
    expect(through(facts)).toEqual(['/home/.cursor 0755 other-user'])
    expect(factsOf(await look({ uid: 4321 }))).toMatchObject({ ownedByUser: true })
  })

  it.skipIf(process.getuid?.() !== 0)('count for a group only where that group gets through', async () => {
    const file = put('.cursor/mcp.json', empty, 0o640)
    chownSync(file, 0, 50)
    chmodSync(join(home, '.cursor'), 0o750)
    expect(factsOf(await look()).readableBy).toEqual([])
    chownSync(join(home, '.cursor'), 0, 50)
    expect(factsOf(await look()).readableBy).toEqual(['group'])
  })
})

describe('secrets', () => {
  it('are named by server, place and kind, never by value', async () => {
    const token = 'ghp_0123456789abcdefghij0123456789'
    const text = JSON.stringify({
      mcpServers: {
        github: {
          command: 'npx',
          args: ['-y', 'p', '--token', 'hunter22'],
          env: { GITHUB_PERSONAL_ACCESS_TOKEN: token, MODE: 'fast' },
        },
        crm: { url: `https://h.example/mcp?key=${token}`, headers: { Authorization: 'Bearer abcdefgh' } },
      },
    })
    put('.cursor/mcp.json', text, 0o644)
    put('.lmstudio/mcp.json', empty, 0o644)
    const seen = await look()
    expect(factsOf(seen).secrets).toEqual([
      { server: 'github', where: 'argument 4', kind: 'named-secret' },
      { server: 'github', where: 'env GITHUB_PERSONAL_ACCESS_TOKEN', kind: 'github-token' },
      { server: 'crm', where: 'header Authorization', kind: 'bearer-token' },
      { server: 'crm', where: 'url query key', kind: 'github-token' },
    ])
    expect(seen.map((each) => each.state === 'seen' && each.facts.secrets.length)).toEqual([4, 0])
    expect(JSON.stringify(seen)).not.toMatch(/hunter22|ghp_|abcdefgh/)
  })
})

describe('what cannot be looked at', () => {
  it('is unavailable with the reason', async () => {
    const file = put('.cursor/mcp.json', '{', 0o644)
    expect(await look()).toMatchObject([{ subject: fileSubject(file), state: 'unavailable', code: 'malformed' }])
    writeFileSync(file, empty)
    expect(await look({ platform: 'win32' })).toMatchObject([{ state: 'unavailable', code: 'not-supported' }])
    const real = openFiles({ stateDir: null }).files
    const refusal = { state: 'unavailable', code: 'permission-denied', reason: 'no right' } as const
    const closed: FilesPort = {
      ...real,
      inspect: (path) => (path === join(home, '.cursor') ? refusal : real.inspect(path)),
    }
    expect(await look({}, closed)).toMatchObject([{ state: 'unavailable', code: 'permission-denied' }])
  })

  it('is nothing where there is no file', async () => {
    expect(await look()).toEqual([])
  })
})
