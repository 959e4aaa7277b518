import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { sandboxHere } from '../servers/under-test.ts'
import { type Installation, newInstallation, removeInstallation, repository, upkeep } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'
import { doneCodes, said } from './product.ts'
import { inItsUsualPlace, readme, readmeSessions, withOutput, withoutTimeAndPlace } from './readme-sessions.ts'

interface Place {
  home?: string
  cwd?: string
  /** What was said before. */
  before?: string[][]
}

/** Whose home each session looks at, and from where. */
const places: Readonly<Record<string, () => Place>> = {
  laptop: () => ({ home: inject('fleet').home, cwd: inject('fleet').project }),
  practice: () => ({}),
  prove: () => ({ home: inject('fleet').home, before: [['accept', 'fs', '--run']] }),
}

const made: Installation[] = []
afterAll(() => {
  for (const one of made) removeInstallation(one)
})

async function run(name: string, command: string): Promise<string> {
  const { home, cwd, before = [] } = places[name]?.() ?? {}
  const installation = newInstallation(home)
  made.push(installation)
  for (const words of before) expect((await upkeep(installation, words)).exitCode).toBe(0)
  const [program, ...args] = command.split(' ')
  expect(program).toBe('upkeep')
  const result = await upkeep(installation, args, { env: environmentForNpm(), ...(cwd !== undefined && { cwd }) })
  expect(doneCodes, said(result)).toContain(result.exitCode)
  return inItsUsualPlace(result.stdout, installation.stateDir)
}

test('the README shows a session on a laptop, one on the practice fleet, one in the sandbox', () => {
  expect(readmeSessions().map((session) => session.name)).toEqual(['laptop', 'practice', 'prove'])
})

const isolates = !('state' in (await sandboxHere()))
const shown = readmeSessions().filter(({ name }) => name !== 'prove' || isolates)

test.each(shown)('$name: the README says what "$command" prints', async ({ name, command, printed }) => {
  const now = await run(name, command)
  if (process.env.UPKEEP_README === 'write') writeFileSync(readme, withOutput(readFileSync(readme, 'utf8'), name, now))
  else
    expect(withoutTimeAndPlace(now), 'to bring the README up to date: UPKEEP_README=write').toBe(
      withoutTimeAndPlace(printed),
    )
})

test('every link of the README leads to a file that is there', () => {
  const links = [...readFileSync(readme, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
  const local = links.filter((link) => !/^https?:/.test(link))
  expect(local.length).toBeGreaterThan(5)
  expect(local.filter((link) => !existsSync(join(dirname(readme), link)))).toEqual([])
})

test('the commands that the README names exist', async () => {
  const installation = newInstallation()
  made.push(installation)
  const named = readFileSync(readme, 'utf8').matchAll(/`upkeep ([a-z][a-z -]*[a-z])/g)
  const verbs = [...new Set([...named].map((match) => (match[1] ?? '').replace(/ --.*$/, '')))]
  expect(verbs).toContain('feeds import')
  for (const verb of verbs) {
    const result = await upkeep(installation, [...verb.split(' '), '--help'])
    expect(result.exitCode, `${verb}: ${said(result)}`).toBe(0)
  }
})

test('the picture is there, and small', () => {
  const bytes = readFileSync(join(repository, 'docs', 'images', 'report.png')).length
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(300_000)
})
