import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keep, putBack, removeKept, sameAs } from './changed-files.ts'
import { canKill, expectOnce } from './crash-fixture.ts'
import { decide, type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { killedAt, momentsFrom, pointsOf, yesUntil } from './killed-product.ts'
import { packedProduct } from './packed-product.ts'
import { said } from './product.ts'
import { changeIds, storedSteps } from './state-database.ts'

// npm run test:long kills each command twenty times.
const kills = process.env.UPKEEP_LONG === undefined ? 2 : 20

let program: string
let place: Installation
function run(...args: string[]) {
  return upkeep(place, args, { command: [program] })
}

/** How each change ended that was proposed since, and that none did anything twice. */
function outcomes(since: readonly string[]): string[] {
  return changeIds(place).flatMap((id) => {
    if (since.includes(id)) return []
    expectOnce(place, id)
    const last = storedSteps(place, id).at(-1)
    return [last?.is === 'closed' ? last.outcome : `open: ${last?.is}`]
  })
}

describe.skipIf(!canKill)('enforcing, killed before a seeded call (needs script and ssh-keygen)', () => {
  const right = {
    '.cursor/mcp.json': '{ "mcpServers": { "fs": { "command": "node", "args": ["/srv/fs.js", "/srv/data"] } } }\n',
    '.codex/config.toml': '# mine\n[mcp_servers.fs]\ncommand = "node"\nargs = ["/srv/fs.js", "/srv/data"]\n',
    '.config/Code/User/mcp.json':
      '{ "servers": { // mine\n "fs": { "command": "node", "args": ["/srv/fs.js", "/srv/data"] } } }\n',
  }
  const files = Object.keys(right)
  const wrong = Object.fromEntries(Object.entries(right).map(([name, text]) => [name, text.replace('/srv/data', '/')]))
  beforeAll(async () => {
    program = (await packedProduct()).program
    place = newInstallation()
    writeFiles(place.home, right)
    writeFiles(place.cwd, { 'upkeep.yaml': 'version: 1\nmodes: [{ mode: enforce }]\n' })
    expect((await run('import')).exitCode).toBe(0)
    expect((await decide(place, ['approve', 'desired-state'], { product: [program] })).code).toBe(0)
    keep(place, 'right')
    writeFiles(place.home, wrong)
    keep(place, 'wrong')
  }, 300_000)
  afterAll(() => {
    removeKept(place)
    removeInstallation(place)
  })

  test('files are whole, and the next run goes on with what was begun, and ends it', async () => {
    const { end, points } = await pointsOf(place, program, ['enforce'])
    expect(end.stdout.match(/set back/g), said(end)).toHaveLength(files.length)
    expect(sameAs(place, 'right', files)).toEqual(files.map(() => true))
    const dice = momentsFrom(41)
    for (let kill = 0; kill < kills; kill += 1) {
      putBack(place, 'wrong')
      const before = changeIds(place)
      const point = dice(points.length)
      const at = `before point ${point}, ${points[point]}`
      expect((await killedAt(place, program, ['enforce'], point)).signal, at).toBe('SIGKILL')
      const [old, made] = [sameAs(place, 'wrong', files), sameAs(place, 'right', files)]
      for (const [index, name] of files.entries()) expect(old[index] || made[index], `${name} ${at}`).toBe(true)
      const next = await run('enforce')
      expect(sameAs(place, 'right', files), `${at}\n${said(next)}`).toEqual(files.map(() => true))
      expect(outcomes(before), at).toEqual(files.map(() => 'done'))
      expect((await run('enforce')).exitCode, at).toBe(0)
    }
  }, 1_800_000)
})

describe.skipIf(!canKill)('a rollout, killed before a seeded call (needs script)', () => {
  const homes = ['home-01', 'home-02', 'home-03']
  const files = homes.map((home) => `homes/${home}/.cursor/mcp.json`)
  const text = '{ "mcpServers": { "fs": { "command": "node", "args": ["x.js"] } } }'
  function begin(): readonly string[] {
    const why = 'Nobody else shall write there.'
    return ['rollout', 'config-writable-by-others', '--reason', why, '--homes', join(place.home, 'homes')]
  }
  beforeAll(async () => {
    program = (await packedProduct()).program
    place = newInstallation()
    writeFiles(place.home, Object.fromEntries(files.map((name) => [name, text])))
    // Others can come as far as the files.
    execFileSync('chmod', ['755', place.root])
    execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', place.home])
    for (const name of files) chmodSync(join(place.home, name), 0o666)
    const rings = '[{ name: canary, homes: [home-01], soakMinutes: 0 }, { name: all, soakMinutes: 0 }]'
    writeFiles(place.cwd, { 'upkeep.yaml': `version: 1\nrings: ${rings}\n` })
    const scanned = await run('scan', '--homes', join(place.home, 'homes'))
    expect(scanned.exitCode, said(scanned)).toBe(1)
    keep(place, 'old')
  }, 300_000)
  afterAll(() => {
    removeKept(place)
    removeInstallation(place)
  })

  test('killed while its rings are planned it is given up, and does not call itself done', async () => {
    putBack(place, 'old')
    // The first ring is proposed, the second is not.
    const halfWay = 10
    expect((await yesUntil(place, program, begin(), halfWay)).code).toBe(137)
    expect(changeIds(place)).toHaveLength(1)
    const next = await yesUntil(place, program, ['rollout'], null)
    expect(next.screen).toContain('is given up. Nothing of it was made.')
    expect(next.screen).not.toContain('Every ring is done')
    expect(outcomes([])).toEqual(['abandoned'])
    expect(sameAs(place, 'old', files)).toEqual([true, true, true])
  })

  test('no ring begins before the one before it is done, and the next run goes on to the end of each, once', async () => {
    const whole = await yesUntil(place, program, begin(), null)
    expect(whole.screen).toContain('Every ring is done')
    keep(place, 'made')
    expect(sameAs(place, 'old', files)).toEqual([false, false, false])
    const dice = momentsFrom(43)
    let killed = 0
    for (let kill = 0; kill < kills; kill += 1) {
      putBack(place, 'old')
      const point = dice(60)
      const at = `before point ${point}`
      if ((await yesUntil(place, program, begin(), point)).code === 137) killed += 1
      const [canary, ...rest] = sameAs(place, 'made', files)
      expect(canary === true || rest.every((made) => !made), at).toBe(true)
      const next = await yesUntil(place, program, changeIds(place).length === 0 ? begin() : ['rollout'], null)
      const end = /given up/.test(next.screen) ? await yesUntil(place, program, begin(), null) : next
      expect(sameAs(place, 'made', files), `${at}\n${next.screen}\n${end.screen}`).toEqual([true, true, true])
      expect(
        outcomes([]).filter((outcome) => outcome !== 'abandoned'),
        at,
      ).toEqual(['done', 'done'])
    }
    expect(killed).toBeGreaterThan(kills / 2)
  }, 1_800_000)
})
