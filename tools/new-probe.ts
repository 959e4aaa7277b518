import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './units.ts'

/** Begins the folder of a probe of a server's own bytes: `npm run new:probe -- <id>`. It compiles, and its test fails until it shows both outcomes. */
function main(id: string | undefined): number {
  if (id === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return refuse('Name it: words with hyphens between.')
  const folder = join(root, 'probes', id)
  if (existsSync(folder)) return refuse(`probes/${id} is there already.`)
  const name = id.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
  mkdirSync(folder)
  writeFileSync(join(folder, 'server-probe.ts'), probeText(id, name))
  writeFileSync(join(folder, `${id}.lab.test.ts`), testText(name))
  writeFileSync(join(folder, 'README.md'), pageText)
  process.stdout.write(`probes/${id}: docs/probes.md says how to go on\n`)
  return 0
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`)
  return 2
}

function probeText(id: string, name: string): string {
  return `import { defineServerProbe, type ServerProbeAttempt, type ServerUnderTest } from '@upkeep/contract'

export const ${name} = defineServerProbe({
  id: '${id}',
  version: 1,
  title: '',
  tries: { kind: 'weakness', ids: [] },
  of: [],
  cites: [],
  needs: ['files', 'processes', 'network'],
  timeoutSeconds: 60,
  attempt,
})

async function attempt(server: ServerUnderTest): Promise<ServerProbeAttempt> {
  const started = await server.start()
  if ('state' in started) return { outcome: 'inconclusive', detail: started.reason, transcript: [] }
  return { outcome: 'inconclusive', detail: 'nothing was tried', transcript: [] }
}
`
}

function testText(name: string): string {
  return `import { installedPackage } from '@upkeep/lab/servers/installed-package'
import { attemptOn, packageUnderTest, sandboxHere } from '@upkeep/lab/servers/under-test'
import { describe, expect, test } from 'vitest'
import { ${name} } from './server-probe.ts'

const isolates = !('state' in (await sandboxHere()))
const server = 'the-package'
const expected = [
  ['0.0.1', 'broken'],
  ['0.0.2', 'held'],
] as const

describe.skipIf(!isolates)(isolates ? server : \`\${server} (skipped: no sandbox)\`, () => {
  test.each(expected)('%s: %s', async (version, outcome) => {
    const home = await installedPackage(server, version)
    if (home === null) throw new Error('the package registry is out of reach')
    const attempt = await attemptOn(packageUnderTest(home, server), ${name})
    expect(attempt, attempt.detail).toMatchObject({ outcome })
  })
})
`
}

const pageText = `# Title

| outcome | when |
|---|---|
| broken |  |
| held |  |
| inconclusive |  |

Broken target: ; sound: .

Harmless:
`

if (import.meta.main) process.exitCode = main(process.argv[2])
