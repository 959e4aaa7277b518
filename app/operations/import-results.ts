import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { comparableUrl, type ForeignResults, foreignResults } from '@upkeep/domain/foreign-results'
import { packageKey } from '@upkeep/domain/purl'
import { counted } from '@upkeep/engine/report/paint'
import { layParts, layRows } from '@upkeep/engine/report/rows'
import type { VexStatement } from '@upkeep/engine/report/vex-statement'
import { vexStatements } from '@upkeep/engine/report/vex-statements'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { askedParts } from './export-document.ts'
import { standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'

const maxBytes = 256 << 20

const Report = z.strictObject({
  ids: z.array(z.string()),
  purl: z.string(),
  standing: z
    .enum(['agreed', 'we say otherwise', 'not judged here', 'not ours'])
    .describe('agreed: we found it too; not ours: no server under care has that package in that version'),
  why: z.string(),
})
const Results = z.strictObject({
  form: z.string(),
  tool: z.string(),
  problem: z.string().nullable().describe('Why its silence means nothing'),
  notUnderstood: z.int(),
  reports: z.array(Report),
  onlyOurs: z.array(z.strictObject({ id: z.string(), purl: z.string() })),
})
type Results = z.infer<typeof Results>

/** Holds another scanner's results against ours. */
export const importResults = defineOperation({
  id: 'import.results',
  summary: "hold another scanner's results against ours",
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({ file: z.string().min(1).describe('SARIF 2.1.0, CycloneDX or SPDX 2.3, as JSON') }),
  output: Results,
  cli: {
    verb: 'import results',
    positionals: ['file'],
    listed: 'rest',
    examples: [{ command: 'upkeep import results other.sarif', says: 'what both found, and what only one did' }],
  },
  async run(context, { file }) {
    const read = foreignResults(readResults(resolve(context.machine.cwd, file)))
    const parts = await askedParts(context, undefined)
    const standing = await standingFindings(await requireStore(context), context.clock.now())
    const output = compare(read, vexStatements(parts.servers, parts.advisories, standing), installedUrls(parts.servers))
    const open = output.reports.some((one) => one.standing === 'we say otherwise' || one.standing === 'not judged here')
    const unsure = output.problem !== null || output.notUnderstood > 0 || open
    return {
      output,
      text: (style) => {
        const rows = output.reports.slice(0, 200).map((one) => ({
          label: one.standing,
          tone: 'yellow' as const,
          name: one.ids[0] ?? '',
          lines: [one.purl, ...(one.why === '' ? [] : [one.why])],
          command: null,
        }))
        return `${[...layRows(rows, style), ...layParts(partsOf(output), style)].join('\n')}\n`
      },
      table: {
        columns: ['id', 'purl', 'standing', 'why'],
        rows: output.reports.map((one) => [one.ids[0] ?? '', one.purl, one.standing, one.why]),
      },
      ...(unsure ? { outcome: 'not-evaluated' as const } : {}),
      stamps: parts.stamps,
    }
  },
})

/** Refuses what is no plain file before a byte is read: a pipe would be waited for. */
function readResults(path: string): string {
  let file: number | null = null
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const facts = fstatSync(file)
    if (!facts.isFile() || facts.size > maxBytes) throw new Error('not a file of results')
    return readFileSync(file, 'utf8')
  } catch {
    throw new UserError('bad-input', 'That file cannot be read, or is too large.', 'Name a JSON file of results.')
  } finally {
    if (file !== null) closeSync(file)
  }
}

type Servers = Parameters<typeof vexStatements>[0]

function installedUrls(servers: Servers): Set<string> {
  const copies = servers.flatMap(({ resolved }) => (resolved?.state === 'seen' ? resolved.facts.installed : []))
  const keys = copies.flatMap((copy) => copy.components.map((one) => keyOf(one.ecosystem, one.name, one.version ?? '')))
  return new Set(keys)
}

function keyOf(ecosystem: string, name: string, version: string): string {
  return `${packageKey(ecosystem, name)}@${version}`
}

function compare(read: ForeignResults, statements: readonly VexStatement[], installed: ReadonlySet<string>): Results {
  const ours = new Map<string, VexStatement>()
  for (const one of statements) {
    const key = keyOf(one.ecosystem, one.name, one.version)
    for (const id of [one.vulnerability.id, ...one.vulnerability.aliases]) {
      const known = ours.get(`${id} ${key}`)
      if (known?.status !== 'affected') ours.set(`${id} ${key}`, one)
    }
  }
  const told = new Set<string>()
  const reports = joined(read).map(({ ids, purl }) => {
    const key = comparableUrl(purl) ?? purl
    const found = ids.map((id) => ours.get(`${id} ${key}`)).find((one) => one !== undefined)
    if (found !== undefined) told.add(sameElsewhere(found))
    return { ids, purl, ...standingOf(found, installed.has(key)) }
  })
  const onlyOurs = statements.filter((one) => one.status === 'affected' && !told.has(sameElsewhere(one)))
  return {
    form: read.form,
    tool: read.tool,
    problem: read.problem,
    notUnderstood: read.notUnderstood,
    reports,
    onlyOurs: onlyOurs.map((one) => ({
      id: one.vulnerability.id,
      purl: one.purl ?? keyOf(one.ecosystem, one.name, one.version),
    })),
  }
}

/** The same vulnerability of the same package version, stated of another server, is told with it. */
function sameElsewhere({ vulnerability, ecosystem, name, version }: VexStatement): string {
  return `${vulnerability.id} ${keyOf(ecosystem, name, version)}`
}

/** One vulnerability of one package version once, however often and under however many names it is reported. */
function joined({ reports }: ForeignResults): { ids: string[]; purl: string }[] {
  const byName = new Map<string, { ids: string[]; purl: string }>()
  const all: { ids: string[]; purl: string }[] = []
  for (const { ids, purl } of reports) {
    const names = ids.map((id) => `${id} ${comparableUrl(purl) ?? purl}`)
    const known = names.map((name) => byName.get(name)).find((one) => one !== undefined)
    const one = known ?? { ids: [], purl }
    if (known === undefined) all.push(one)
    one.ids = [...new Set([...one.ids, ...ids])]
    for (const name of names) byName.set(name, one)
  }
  return all
}

function standingOf(found: VexStatement | undefined, here: boolean): Pick<z.infer<typeof Report>, 'standing' | 'why'> {
  if (found?.status === 'affected') return { standing: 'agreed', why: '' }
  if (found?.status === 'not-affected') return { standing: 'we say otherwise', why: found.why }
  if (found !== undefined) return { standing: 'not judged here', why: found.why }
  if (here) return { standing: 'not judged here', why: 'the package is here; no feed at hand has this advisory' }
  return { standing: 'not ours', why: '' }
}

function partsOf({ tool, form, problem, reports, notUnderstood, onlyOurs }: Results): string[] {
  const count = (standing: string) => reports.filter((one) => one.standing === standing).length
  return [
    `${form} of ${tool}: ${counted(reports.length, 'report')}`,
    `${count('agreed')} agreed`,
    `${count('we say otherwise')} we say otherwise`,
    `${count('not judged here')} not judged here`,
    `${count('not ours')} not ours`,
    `${onlyOurs.length} only ours`,
    ...(notUnderstood > 0 ? [`${notUnderstood} not understood`] : []),
    ...(problem === null ? [] : [`its silence means nothing: ${problem}`]),
  ]
}
