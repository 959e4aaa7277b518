import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NpmRegistry, startNpmRegistry } from '@upkeep/app/vet/testing/npm-registry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { onTerminal } from '../terminal.ts'
import { asItsClient } from './as-its-client.ts'
import { cli, environmentOf, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { verify } from './product.ts'
import { brokenUpdate } from './young-servers.ts'

const files = '@modelcontextprotocol/server-filesystem'
// A name of words and numbers: a path drawn at random would be hidden as a secret.
const root = join(tmpdir(), `upkeep-ends-${process.pid}`)
const homes = join(root, 'homes')
const names = Array.from({ length: 20 }, (_, index) => `home-${String(index + 1).padStart(2, '0')}`)
const fileOf = (name: string) => join(homes, name, '.cursor/mcp.json')
const folderOf = (name: string) => join(homes, name, 'docs')
const textOf = (name: string) =>
  `{\n  // of ${name}\n  "mcpServers": { "fs": { "command": "npx", "args": ["-y", "${files}@2025.3.28", "${folderOf(name)}"] } }\n}\n`
const Changes = z.object({
  changes: z.array(z.object({ outcome: z.string().nullable(), plan: z.object({ title: z.string() }) })),
})

/** How the owner of the fleet tells whether an update went well: each endpoint starts its server anew, as its client does, and has to be answered. */
const check = `#!${process.execPath}
import { appendFileSync } from 'node:fs'
import { asItsClient } from ${JSON.stringify(join(import.meta.dirname, 'as-its-client.ts'))}
for (const home of process.argv.slice(2)) {
  appendFileSync(${JSON.stringify(join(root, 'driven'))}, home.split('/').at(-1) + '\\n')
  const call = { name: 'read_file', arguments: { path: home + '/docs/note.txt' } }
  try {
    await asItsClient(home + '/.cursor/mcp.json', [call], { ...process.env, HOME: home })
  } catch (error) {
    console.error(home.split('/').at(-1) + ': ' + String(error.message).slice(0, 200))
    process.exit(1)
  }
}
`

describe.skipIf(spawnSync('script', ['--version']).status !== 0)(
  'twenty endpoints (needs npx, script and ssh-keygen)',
  () => {
    const place = newInstallation(root)
    let registry: NpmRegistry
    let env: Record<string, string> = {}

    beforeAll(async () => {
      registry = await startNpmRegistry(brokenUpdate)
      env = { npm_config_registry: registry.url, npm_config_userconfig: join(root, 'no-npmrc') }
      for (const name of names) {
        mkdirSync(folderOf(name), { recursive: true })
        writeFiles(join(homes, name), { '.cursor/mcp.json': textOf(name), 'docs/note.txt': `the note of ${name}` })
        chmodSync(fileOf(name), 0o600)
      }
      writeFileSync(join(root, 'check.mjs'), check, { mode: 0o700 })
      const rings = [
        `{ name: canary, homes: [home-01, home-02], soakMinutes: 60, check: ${root}/check.mjs }`,
        `{ name: part, homes: ['home-0*'], soakMinutes: 0, check: ${root}/check.mjs }`,
        `{ name: all, check: ${root}/check.mjs }`,
      ]
      writeFiles(place.cwd, { 'upkeep.yaml': `version: 1\nrings:\n${rings.map((one) => `  - ${one}\n`).join('')}` })
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', join(root, 'person')])
    }, 120_000)
    afterAll(async () => {
      await registry.close()
      removeInstallation(place)
    })

    test('a bad update stops in ring 0 and is taken back there, and every endpoint still starts what it had', async () => {
      await upkeep(place, ['scan', '--homes', homes, '--online'], { env })
      const words = [
        'rollout',
        'fs',
        '--homes',
        homes,
        '--reason',
        'Whoever asks gets out of the folder.',
        '--key',
        join(root, 'person'),
      ]
      // The first signature of a key takes its passphrase twice: one more enrols the key.
      const types = [
        ['Approve:', 'yes'],
        ['passphrase', 'open sesame'],
        ['passphrase', 'open sesame'],
      ] as const
      const { code, screen } = await onTerminal([process.execPath, cli, ...words], {
        env: { ...environmentOf(place, env), NO_COLOR: '1' },
        cwd: place.cwd,
        types,
      })
      expect(code, screen).toBe(1)
      expect(screen.replaceAll(/\s/g, '')).toMatch(
        /Stopped:itstoppedinring"canary":thecheckendedwith1:home-01:itended:nosuchthing/,
      )
      const { changes } = Changes.parse(
        JSON.parse((await upkeep(place, ['changes', '--all', '--json'], { env })).stdout),
      )
      expect(changes.map(({ outcome }) => outcome).sort()).toEqual(['abandoned', 'abandoned', 'rolled-back'])
      expect(changes.find(({ outcome }) => outcome === 'rolled-back')?.plan.title).toContain('ring 1 of 3, canary')
      expect(names.map((name) => readFileSync(fileOf(name), 'utf8'))).toEqual(names.map(textOf))
      expect(new Set(readFileSync(join(root, 'driven'), 'utf8').trim().split('\n'))).toEqual(new Set(['home-01']))
      // Only the endpoint that was asked to start it has fetched anything of it.
      expect(names.filter((name) => existsSync(join(homes, name, '.npm')))).toEqual(['home-01'])
      const answers: [string, string][] = []
      for (const some of [0, 5, 10, 15].map((from) => names.slice(from, from + 5)))
        await Promise.all(
          some.map(async (name) => {
            const call = { name: 'read_file', arguments: { path: join(folderOf(name), 'note.txt') } }
            const [answer] = await asItsClient(fileOf(name), [call], {
              ...environmentOf(place, env),
              HOME: join(homes, name),
            })
            answers.push([name, answer?.text ?? ''])
          }),
        )
      expect(answers.sort()).toEqual(names.map((name) => [name, `the note of ${name}`]))
      expect((await verify(place)).exitCode).toBe(0)
    }, 240_000)
  },
)
