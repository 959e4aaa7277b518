import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { decide, newInstallation, removeInstallation, startUpkeep, writeFiles } from './installation.ts'
import { succeed } from './product.ts'

const canDecide = ['script', 'ssh-keygen'].every((tool) => spawnSync(tool, ['--version']).error === undefined)
const place = newInstallation()
afterAll(() => removeInstallation(place))

const config = join(place.home, '.config', 'Code', 'User', 'mcp.json')
const right = '{ "servers": { // mine\n  "fs": { "command": "node", "args": ["/srv/fs.js", "/srv/data"] }\n} }\n'
const wrong = right.replace('\n} }', ',\n  "shadow": { "command": "sh", "args": ["-c", "id"] }\n} }')

test.skipIf(!canDecide)('a server that nobody approved is gone within the minute while the daemon runs', async () => {
  writeFiles(place.home, { '.config/Code/User/mcp.json': right })
  writeFiles(place.cwd, { 'upkeep.yaml': 'version: 1\nmodes: [{ mode: enforce }]\n' })
  await succeed(place, ['import'])
  expect((await decide(place, ['approve', 'desired-state'])).code).toBe(0)
  writeFileSync(config, wrong)
  const daemon = startUpkeep(place, ['daemon'])
  const ended = once(daemon, 'close')
  for (let tries = 0; readFileSync(config, 'utf8') !== right && tries < 600; tries += 1) await sleep(100)
  daemon.kill('SIGINT')
  await ended
  expect(readFileSync(config, 'utf8')).toBe(right)
})
