import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { onTerminal, type Typed } from '../terminal.ts'
import {
  cli,
  decide,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
  writeFiles,
} from './installation.ts'
import { said } from './product.ts'

const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_')
const texts = {
  '.cursor/mcp.json': `{
  // mine
  "mcpServers": {
    "gh": { "command": "npx", "args": ["-y", "gh@1.0.0"], "env": { "GH_TOKEN": "${token}" } },
    "fs": { "command": "npx", "args": ["-y", "fs@1.0.0", "/"] }
  }
}
`,
  '.codex/config.toml': '# mine\n[mcp_servers.fs] # old\ncommand = "npx"\nargs = ["-y", "fs@1.0.0", "/"]\n',
  '.config/Claude/claude_desktop_config.json': '{"mcpServers": {"fs": {"command": "npx", "args": ["fs@1.0.0"]}}}\n',
}
const [cursor, codex, desktop] = Object.keys(texts) as [string, string, string]
const Changes = z.object({
  changes: z.array(z.object({ id: z.string(), phase: z.string(), outcome: z.string().nullable() })),
})

let place: Installation
beforeEach(() => {
  place = newInstallation()
  writeFiles(place.home, texts)
})
afterEach(() => removeInstallation(place))

const textOf = (name: string) => readFileSync(join(place.home, name), 'utf8')
const before = (name: string) => texts[name as keyof typeof texts]

/** The command as a person at a terminal gives it, who says this when asked to approve. */
async function atTerminal(words: readonly string[], answer = 'yes', first: readonly Typed[] = []) {
  const env = { ...environmentOf(place), NO_COLOR: '1' }
  const ended = await onTerminal([process.execPath, cli, ...words], {
    env,
    cwd: place.cwd,
    types: [...first, ['Approve:', answer]],
  })
  expect(ended.screen).not.toContain(token)
  return { ...ended, screen: ended.screen.replaceAll(/\s+/g, ' ') }
}

async function changes() {
  const listed = await upkeep(place, ['--json', 'changes', '--all'])
  expect(said(listed)).not.toContain(token)
  return Changes.parse(JSON.parse(listed.stdout)).changes
}

async function takenBack() {
  const undone = await upkeep(place, ['undo'])
  expect(undone.exitCode, said(undone)).toBe(0)
  for (const name of Object.keys(texts)) expect(textOf(name), name).toBe(before(name))
}

test('--remove takes the server out of every client, and undo gives the very same bytes back', async () => {
  const { code, screen } = await atTerminal(['fix', 'fs', '--remove'])
  expect(code, screen).toBe(0)
  expect(textOf(cursor)).toContain('"gh"')
  expect(textOf(codex)).toContain('# mine')
  for (const name of [cursor, codex, desktop]) expect(textOf(name), name).not.toContain('fs@1.0.0')
  await takenBack()
})

test('--disable uses the switch of a client, and takes the entry out where there is none', async () => {
  const { code, screen } = await atTerminal(['fix', 'fs', '--disable'])
  expect(code, screen).toBe(0)
  expect(textOf(codex)).toMatch(/args = \["-y", "fs@1\.0\.0", "\/"\]\s+enabled = false/)
  for (const name of [cursor, desktop]) expect(textOf(name), name).not.toContain('fs@1.0.0')
  await takenBack()
})

test('--arg gives one argument another value by its number, and refuses one that is not there', async () => {
  const wrong = await upkeep(place, ['fix', 'fs', '--arg', '9=/srv', '--plan'])
  expect([wrong.exitCode, said(wrong)]).toEqual([2, expect.stringMatching(/has no argument 9/)])
  writeFiles(place.home, { [desktop]: '{}' })
  const { code, screen } = await atTerminal(['fix', 'fs', '--arg', '3=/srv/data'])
  expect(code, screen).toBe(0)
  expect(textOf(cursor)).toBe(before(cursor)?.replace('"/"]', '"/srv/data"]'))
  expect(textOf(codex)).toBe(before(codex)?.replace('"/"]', '"/srv/data"]'))
})

test('--move-secrets leaves no secret in the file, and undo puts it back and takes its own file away', async () => {
  const { code, screen } = await atTerminal(['fix', 'gh', '--move-secrets'])
  expect(code, screen).toBe(0)
  const kept = join(place.home, '.config/upkeep/secrets/cursor.gh.GH_TOKEN')
  expect(textOf(cursor)).not.toContain(token)
  expect(textOf(cursor)).toContain('"run-with", "--set", "GH_TOKEN"')
  expect(readFileSync(kept, 'utf8')).toContain(`\n${token}\n`)
  expect(statSync(kept).mode & 0o777).toBe(0o600)
  await takenBack()
  expect(existsSync(kept)).toBe(false)
})

test('--rotate asks for the new credential with nothing shown, and puts it where the old one stood', async () => {
  const fresh = token.replaceAll('a1B2', 'z9Y8')
  const { code, screen } = await atTerminal(['fix', 'gh', '--rotate', 'GH_TOKEN'], 'yes', [['New credential', fresh]])
  expect(code, screen).toBe(0)
  expect(screen).not.toContain(fresh)
  expect(screen).toContain('it is started on this machine, and whom it calls is not asked')
  expect(textOf(cursor)).toBe(before(cursor)?.replace(token, fresh))
  expect(JSON.stringify(await changes())).not.toContain(fresh)
  await takenBack()
  const inWords = await upkeep(place, ['fix', 'gh', '--rotate', 'GH_TOKEN', '--with', fresh])
  expect([inWords.exitCode, said(inWords)]).toEqual([2, expect.stringMatching(/Say where it is found/)])
  expect(said(inWords)).not.toContain(fresh)
})

test('what is asked for twice is one change, which is gone on with: a no leaves it open, a yes makes it', async () => {
  const first = await atTerminal(['fix', 'fs', '--remove'], 'no')
  expect(first.screen).toMatch(/was not approved: only "yes" is one/)
  const [open, ...others] = await changes()
  expect([open?.phase, others]).toEqual(['proposed', []])
  expect(textOf(codex)).toBe(before(codex))
  const again = await atTerminal(['fix', 'fs', '--remove'])
  expect(again.code, again.screen).toBe(0)
  expect(await changes()).toMatchObject([{ id: open?.id, phase: 'closed', outcome: 'done' }])
  const closed = await upkeep(place, ['fix', '--change', open?.id ?? ''])
  expect([closed.exitCode, said(closed)]).toEqual([2, expect.stringMatching(/is closed: done/)])
})

test('--restore-config puts an altered entry back as it was approved, and undo gives the altered one back', async () => {
  expect((await upkeep(place, ['scan'])).exitCode).not.toBe(70)
  const { screen: approved } = await decide(place, ['baseline', 'accept'])
  expect(approved).toContain('as it was last seen')
  const altered = before(cursor).replace('gh@1.0.0', 'hg@1.0.0').replace('// mine', '// still mine')
  writeFiles(place.home, { [cursor]: altered })
  const shown = await upkeep(place, ['fix', 'gh', '--restore-config', '--plan'])
  expect(said(shown)).toMatch(/approved it at/)
  expect(said(shown)).not.toContain(token)
  const { code, screen } = await atTerminal(['fix', join(place.home, cursor), '--restore-config'])
  expect(code, screen).toBe(0)
  expect(textOf(cursor)).toBe(before(cursor).replace('// mine', '// still mine'))
  expect((await upkeep(place, ['undo'])).exitCode).toBe(0)
  expect(textOf(cursor)).toBe(altered)
  const foreign = await upkeep(place, ['fix', 'gh', '--remove', '--as-of', '2026-11-22'])
  expect([foreign.exitCode, foreign.stderr]).toEqual([2, expect.stringMatching(/--as-of goes with --restore-config/)])
})
