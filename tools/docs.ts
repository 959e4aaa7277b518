import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { catalog } from '@upkeep/app/catalog'
import { holds } from '@upkeep/app/http/access/principal'
import { downloads, exposed } from '@upkeep/app/http/exposed'
import { operations } from '@upkeep/app/operations/table'
import { type AnyDuty, errorCatalogue, observationKinds, Role } from '@upkeep/contract'
import { guide } from '@upkeep/duties/guide'
import { root, withGenerated } from './units.ts'

/**
 * Writes the reference pages and the heads of the duties' own pages from what the units declare. `--check` writes nothing and exits 1 when
 * a page is not what the units say.
 */
function pages(): Map<string, string> {
  const written = new Map<string, string>()
  for (const duty of catalog.duties) {
    const path = `duties/${duty.id}/README.md`
    written.set(path, withGenerated(readFileSync(join(root, path), 'utf8'), 'head', dutyHead(duty)))
  }
  written.set('docs/reference/duties.md', dutiesPage())
  written.set('docs/reference/units.md', unitsPage())
  written.set('docs/reference/errors.md', errorsPage())
  written.set('docs/reference/roles.md', rolesPage())
  return written
}

function dutyHead(duty: AnyDuty): string {
  const needs = Object.values(duty.needs).map((need) => `\`${need.kind}\`${need.required ? '' : ' (optional)'}`)
  return [
    `# ${duty.title}`,
    '',
    duty.summary,
    '',
    '| | |',
    '|---|---|',
    `| id | \`${duty.id}\`, version ${duty.version} |`,
    `| guide | ${duty.heading} |`,
    `| cadence | ${duty.cadence} |`,
    `| one verdict per | ${duty.scope} |`,
    `| adopted by | ${duty.adoptedBy.join(', ') || 'nobody by default'} |`,
    `| needs | ${needs.join(', ')} |`,
    '',
    '| rule | severity | what is wrong |',
    '|---|---|---|',
    ...Object.entries(duty.rules).map(([id, rule]) => `| \`${id}\` | ${rule.severity} | ${rule.title} |`),
  ].join('\n')
}

function dutiesPage(): string {
  const rows = guide.map((item) => {
    const duty = catalog.duties.find((one) => one.id === item.id)
    const name = duty === undefined ? item.title : `[${item.title}](../../duties/${item.id}/README.md)`
    return `| ${item.heading} | ${name} | ${duty === undefined ? 'not yet' : `${duty.cadence}, ${Object.keys(duty.rules).length} rules`} |`
  })
  return page('Duties', `The guide has ${guide.length} items; ${catalog.duties.length} have a duty.`, [
    '| heading | item | duty |',
    '|---|---|---|',
    ...rows,
  ])
}

function unitsPage(): string {
  const collectors = catalog.collectors.map(
    (unit) =>
      `| \`${unit.id}\` | ${unit.title} | ${unit.sees.map((kind) => `\`${kind}\``).join(', ')} | ${unit.reaches.join(', ')} |`,
  )
  const probes = catalog.probes.map(
    (unit) => `| \`${unit.id}\` | ${unit.title} | ${unit.control} | ${unit.cites.join('; ')} |`,
  )
  const serverProbes = catalog.serverProbes.map(
    ({ id, title, tries, cites }) =>
      `| \`${id}\` | ${title} | ${tries.kind === 'weakness' ? tries.ids.join(', ') : tries.control} | ${cites.join('; ')} |`,
  )
  const kinds = Object.entries(observationKinds).map(
    ([kind, { about, strength }]) => `| \`${kind}\` | ${about} | ${strength} |`,
  )
  return page(
    'Collectors, probes, observations',
    'What is looked at, through which ports, and how strongly it is then known.',
    [
      '| collector | what it does | sees | reaches |',
      '|---|---|---|---|',
      ...collectors,
      '',
      '| probe | what it tries | control | cites |',
      '|---|---|---|---|',
      ...probes,
      '',
      '| probe in the sandbox | what it tries | of | cites |',
      '|---|---|---|---|',
      ...serverProbes,
      '',
      '| observation | about | strength |',
      '|---|---|---|',
      ...kinds,
    ],
  )
}

function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([code, text]) => `| \`${code}\` | ${text} |`)
  return page(
    'Errors',
    'What can go wrong that a person can act on. Codes are permanent; all of these end with exit 2.',
    ['| code | means |', '|---|---|', ...rows],
  )
}

/** Role by operation, as the door asks it: the test of the HTTP door goes through the same table. */
function rolesPage(): string {
  const roles = Role.options
  const rows = [...exposed(operations), ...downloads(operations)].map(({ operation, effect, role, path }) => {
    const marks = roles.map((one) => (holds([one], role) ? 'yes' : ''))
    const notes = [
      ...(effect === 'write' && operation.decides !== undefined ? ['people only, where it decides'] : []),
      ...(effect === 'write' && operation.byDelegate !== undefined ? ['or by a delegated right'] : []),
    ]
    return `| \`${effect === 'read' ? 'GET' : 'POST'} ${path}\` | ${marks.join(' | ')} | ${notes.join('; ')} |`
  })
  return page(
    'Roles',
    'What a session or a token of each role may use over HTTP. What is not here is of the terminal alone.',
    [`| operation | ${roles.join(' | ')} | |`, `|---|${roles.map(() => '---|').join('')}---|`, ...rows],
  )
}

function page(title: string, lead: string, lines: readonly string[]): string {
  return `<!-- Generated by "npm run generate". Do not edit. -->\n# ${title}\n\n${lead}\n\n${lines.join('\n')}\n`
}

function main(check: boolean): number {
  let wrong = 0
  for (const [path, text] of pages()) {
    const file = join(root, path)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    wrong += 1
    if (check) process.stderr.write(`${path} is not what the units say: run npm run generate\n`)
    else writeFile(file, text)
  }
  return check && wrong > 0 ? 1 : 0
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

if (import.meta.main) process.exitCode = main(process.argv.includes('--check'))
