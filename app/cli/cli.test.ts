import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { everythingIn, makeHome, start, upkeep } from './cli-process.cases.ts'

const canary = 'ghp_CANARY0123456789abcdefghijklmnopqrst'
const hostileName = 'x\u001b[31m\u202e\u200b<img src=x>\r\n=1+1'

const home = makeHome({
  '.cursor/mcp.json': JSON.stringify({
    mcpServers: {
      fs: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', '/tmp'] },
      [hostileName]: {
        command: 'npx',
        args: ['-y', 'mcp-remote@0.1.15', `http://127.0.0.1:9/${canary}`],
        env: { TOKEN: canary },
      },
    },
  }),
})

/** Checks output against the schema that is published, with a validator that is not ours. */
function published(operation: string, text: string): unknown {
  const path = join(import.meta.dirname, `../../docs/reference/schemas/${operation}.output.schema.json`)
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  const judge = ajv.compile(JSON.parse(readFileSync(path, 'utf8')))
  judge(JSON.parse(text))
  return judge.errors
}

const hidden = /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]/

describe('the command line, as a process', { timeout: 120_000 }, () => {
  test('a scan, and everything that reads it afterwards', async () => {
    const scan = await upkeep(home, 'scan', '--json', '--sarif', 'out.sarif')
    expect([scan.code, scan.err]).toEqual([1, ''])
    expect(published('scan', scan.out)).toBeNull()
    const text = await upkeep(home, 'status')
    expect(text.code).toBe(1)
    expect(text.out).toMatch(/^2 servers in 1 client/)
    const csv = await upkeep(home, 'servers', '--csv')
    expect(csv.out.split('\r\n')).toHaveLength(4)
    const verify = await upkeep(home, 'verify', '--rederive', '--json')
    expect([verify.code, verify.err]).toEqual([0, ''])
    expect(published('verify', verify.out)).toBeNull()
    const others = await Promise.all(
      ['findings', 'duties', 'runs', 'servers', 'doctor', 'inbox'].map(async (verb) => {
        const done = await upkeep(home, verb, '--json')
        expect(published(verb, done.out), verb).toBeNull()
        return done.out + (await upkeep(home, verb)).out
      }),
    )
    const shown = [scan.out, text.out, csv.out, verify.out, ...others].join('\n')
    expect(shown).not.toMatch(hidden)
    expect(shown).toContain('⟨U+202E⟩')
    const written = everythingIn(home.state) + readFileSync(join(home.home, 'out.sarif'), 'utf8')
    for (const form of [canary, Buffer.from(canary).toString('base64').slice(2, 40), encodeURIComponent(canary)]) {
      expect(shown).not.toContain(form)
      expect(written).not.toContain(form)
    }
  })

  test('an accepted finding no longer fails a pipeline, and counts again once it is withdrawn', async () => {
    const entry = { command: 'node', args: ['./gone.js'], env: { TOKEN: canary } }
    const home = makeHome({ '.cursor/mcp.json': JSON.stringify({ mcpServers: { own: entry } }) })
    // What others can read is of severity high, and accepting that takes a person.
    chmodSync(join(home.home, '.cursor/mcp.json'), 0o600)
    expect((await upkeep(home, 'scan')).code).toBe(1)
    const before = JSON.parse((await upkeep(home, 'findings', '--json')).out).findings
    const prints = before.map(
      (one: { finding: { statement: { fingerprint: string } } }) => one.finding.statement.fingerprint,
    )
    for (const print of prints) {
      const done = await upkeep(home, 'accept', print, '--until', '30d', '--reason', 'test machine')
      expect([done.code, done.err]).toEqual([0, ''])
    }
    expect((await upkeep(home, 'findings')).code).toBe(3)
    expect((await upkeep(home, 'accept', prints[0], '--withdraw')).code).toBe(0)
    expect((await upkeep(home, 'findings')).code).toBe(1)
    expect((await upkeep(home, 'findings', '--fail-on', 'never')).code).toBe(0)
    expect((await upkeep(home, 'verify')).code).toBe(0)
  })

  test('where nothing is found nothing is green, and the practice fleet is only offered', async () => {
    const empty = makeHome({})
    const done = await upkeep(empty)
    expect(done.code).toBe(3)
    expect(done.out).toContain('no server found')
    expect(done.out).not.toMatch(/passed|\u001b/)
    expect(done.err).toContain('upkeep --practice')
  })

  test('reading leaves no state behind; asking wrongly ends with 2', async () => {
    const empty = makeHome({})
    const status = await upkeep(empty, 'status', '--json')
    expect(status.code).toBe(2)
    expect(JSON.parse(status.err).error).toMatchObject({ code: 'not-found', action: 'Run "upkeep scan" first.' })
    expect((await upkeep(empty, 'doctor')).code).toBe(0)
    expect((await upkeep(empty, 'scan', '--nope')).code).toBe(2)
    expect((await upkeep(empty, 'runs', '--limit', '0')).code).toBe(2)
    expect(() => everythingIn(empty.state)).toThrow()
  })

  test('a daemon runs what is due and ends in good order when it is stopped', async () => {
    const own = makeHome({ '.cursor/mcp.json': '{"mcpServers":{}}' })
    const running = start(own, ['daemon', '--json'])
    await expect
      .poll(async () => (await upkeep(own, 'runs', '--csv')).out.split('\r\n').length, {
        timeout: 60_000,
        interval: 500,
      })
      .toBeGreaterThan(2)
    running.child.kill('SIGINT')
    const done = await running.done
    expect([done.code, done.err]).toEqual([0, ''])
    expect(JSON.parse(done.out).runs).toBeGreaterThan(0)
  })
})
