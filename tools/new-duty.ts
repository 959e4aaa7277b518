import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { guide } from '@upkeep/duties/guide'
import { root } from './units.ts'

/** Makes the folder of a duty that the guide has and nobody has written: `npm run new:duty -- <id>`. The result compiles and its test fails. */
function main(id: string | undefined): number {
  const item = guide.find((one) => one.id === id)
  if (item === undefined) return refuse(`Name an item of the guide. Without a duty yet:\n${missing().join('\n')}`)
  const folder = join(root, 'duties', item.id)
  if (existsSync(folder)) return refuse(`duties/${item.id} is there already.`)
  const name = item.id.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  mkdirSync(folder)
  writeFileSync(join(folder, 'duty.ts'), dutyText(item, name))
  writeFileSync(join(folder, 'duty.test.ts'), testText(name))
  writeFileSync(join(folder, 'README.md'), readmeText())
  process.stdout.write(
    `duties/${item.id}: write the rules, their rows in the test, and the page; then npm run generate\n`,
  )
  return 0
}

function missing(): string[] {
  return guide.filter((item) => !existsSync(join(root, 'duties', item.id))).map((item) => `  ${item.id}`)
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`)
  return 2
}

function dutyText(item: { id: string; heading: string; title: string }, name: string): string {
  return `import { defineDuty, need, rule } from '@upkeep/contract'
import { z } from 'zod'

export const ${name} = defineDuty({
  id: '${item.id}',
  version: 1,
  heading: '${item.heading}',
  title: '${item.title}',
  summary: '',
  cadence: 'monthly',
  scope: 'server',
  adoptedBy: [],
  needs: { declared: need('declared-server') },
  params: z.object({}),
  rules: {
    'name-me': rule({ version: 1, title: '', severity: 'medium', help: '.', facts: z.object({}), identity: [] }),
  },
  assess() {
    return { findings: [], unknowns: [], passes: [] }
  },
})
`
}

function testText(name: string): string {
  return `import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { ${name} } from './duty.ts'

// Every rule fires in some row, and one row is clean.
dutyCases(${name}, [
  { name: 'nothing could be looked at', given: { declared: { state: 'unavailable', code: 'malformed', reason: 'for this row' } }, expect: { verdict: 'unknown' } },
])
`
}

function readmeText(): string {
  const sections = ['Why', 'What it reads', 'When it fires', 'What to do', 'Limits']
  return `<!-- generated: head -->\n<!-- /generated -->\n\n${sections.map((section) => `## ${section}\n`).join('\n')}`
}

if (import.meta.main) process.exitCode = main(process.argv[2])
