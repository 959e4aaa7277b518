import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { type AnyDuty, type Place, UpkeepFile, UserError } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { counted, plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layParts } from '@upkeep/engine/report/rows'
import { renderTerminal } from '@upkeep/engine/report/terminal'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import { asVariables, npmRegistries } from '../npm-registries.ts'
import type { Candidate } from '../vet/candidate.ts'
import type { VetHome } from '../vet/lay-out.ts'
import type { Obtained } from '../vet/obtained.ts'
import { markWords, Origin } from '../vet/origin.ts'
import type { Context } from './context.ts'
import { drawReport, outcomeOf } from './draw-report.ts'
import { type Answer, defineOperation } from './operation.ts'
import { ReportOutput, reportOutput } from './report-output.ts'
import { failOn } from './scan.ts'

const VetOutput = z.strictObject({
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  from: z.string(),
  sha256: z.string().nullable().describe('Of the archive; null where its bytes were not at hand'),
  integrity: z.enum(['verified', 'not stated', 'not asked']),
  origin: Origin.describe("The registry's signature and the attestation of where it was built, checked here"),
  files: z.int(),
  notInside: z.array(z.string()).describe('Packages that it needs and that were not there to be judged'),
  problems: z.array(z.string()).describe('What of the archive was not judged, and why'),
  notes: z.array(z.string()).describe('What the registry says of it, and what installing it would do'),
  report: ReportOutput,
})
type Vetted = Omit<z.input<typeof VetOutput>, 'report' | 'origin'>

/** Judges a package before it is added: unpacked into a folder of its own, nothing run. */
export const vet = defineOperation({
  id: 'vet',
  summary: 'judge a package before you add it; runs nothing of it',
  effect: 'read',
  role: 'viewer',
  at: 'terminal',
  input: z.strictObject({
    what: z
      .string()
      .min(1)
      .max(4_000)
      .describe('A .tgz, wheel, source archive or .mcpb file, or npm:@scope/name@1.2.3 or pypi:name==1.2.3'),
    online: z.boolean().default(false).describe('Ask the package registry'),
    index: z.string().max(2_000).optional().describe('The Python index to ask; else the one that uv or pip would'),
    failOn,
  }),
  output: VetOutput,
  cli: {
    verb: 'vet',
    positionals: ['what'],
    listed: 'rest',
    examples: [
      { command: 'upkeep vet npm:@scope/name@1.2.3 --online', says: 'from the npm registry' },
      { command: 'upkeep vet pypi:name==1.2.3 --online', says: 'from a Python index' },
      { command: 'upkeep vet ./server.mcpb', says: 'a file' },
    ],
  },
  async run(context, { what, online, index, failOn: limit }) {
    const { obtain } = await import('../vet/obtain.ts')
    const { machine, signal } = context
    const { cwd, home, env } = machine
    const limits = { online, limit }
    let obtained: Obtained
    try {
      obtained = await obtain(what, { cwd, home, env, online, index, signal })
    } catch (error) {
      const known = error instanceof UserError ? await knownByName(context, what, limits) : null
      if (known === null) throw error
      return known
    }
    context.progress('Unpacking')
    const { candidate, problems } = await candidateIn(obtained)
    return judgeLaid(context, candidate, { obtained, problems }, limits)
  },
})

interface Limits {
  online: boolean
  limit: z.infer<typeof failOn>
}

async function judgeLaid(
  context: Context,
  candidate: Candidate,
  { obtained, problems }: { obtained: Obtained | null; problems: string[] },
  limits: Limits,
): Promise<Answer<z.input<typeof VetOutput>>> {
  const { layOut } = await import('../vet/lay-out.ts')
  const laid = layOut(candidate)
  try {
    const vetted = vettedOf(obtained, candidate, [...problems, ...laid.problems])
    return await judge(context, laid, { vetted, obtained, candidate }, limits)
  } finally {
    laid.remove()
  }
}

/** What advisories say of a package that cannot be had: malicious ones are often gone, and that is no comfort. Null where they say nothing. */
async function knownByName(
  context: Context,
  what: string,
  limits: Limits,
): Promise<Answer<z.input<typeof VetOutput>> | null> {
  const { namedAlone } = await import('../vet/named-alone.ts')
  const candidate = namedAlone(what)
  if (candidate === null) return null
  const answer = await judgeLaid(context, candidate, { obtained: null, problems: [] }, { ...limits, online: false })
  const rules = answer.output.report.items.flatMap((item) => item.findings.map(({ statement }) => statement.rule))
  return rules.some((rule) => byNameAlone.has(rule)) ? answer : null
}

const byNameAlone: ReadonlySet<string> = new Set(['malicious-package'])

async function candidateIn({ bytes, expected }: Obtained): Promise<{ candidate: Candidate; problems: string[] }> {
  const [{ unpack }, { recognise }] = await Promise.all([import('../vet/unpack.ts'), import('../vet/recognise.ts')])
  const unpacked = await unpack(bytes)
  const candidate = typeof unpacked === 'string' ? unpacked : recognise(unpacked, expected)
  if (typeof unpacked !== 'string' && typeof candidate !== 'string') return { candidate, problems: unpacked.problems }
  throw new UserError(
    'bad-input',
    printable(`It was not judged: ${candidate}.`),
    'Do not add it as it is; name an npm tarball, a wheel, a source archive or an MCP bundle.',
  )
}

function vettedOf(obtained: Obtained | null, candidate: Candidate, problems: string[]): Vetted {
  return {
    kind: candidate.kind,
    name: candidate.name,
    version: candidate.version,
    from: obtained?.from ?? 'its name alone',
    sha256: obtained === null ? null : createHash('sha256').update(obtained.bytes).digest('hex'),
    integrity: obtained?.integrity ?? 'not asked',
    files: obtained === null ? 0 : candidate.files.length,
    notInside: candidate.dependencies.slice(0, 1_000),
    problems: problems.map((problem) => printable(problem)),
    notes: [...(obtained?.notes ?? []), ...candidate.notes].map((note) => printable(note)),
  }
}

/** The same duties on a fleet of one, with a state of its own that is gone afterwards. */
async function judge(
  context: Context,
  laid: VetHome,
  { vetted, obtained, candidate }: { vetted: Vetted; obtained: Obtained | null; candidate: Candidate },
  asked: Limits,
): Promise<Answer<z.input<typeof VetOutput>>> {
  const { compose } = await import('../compose.ts')
  const judging = context.catalog.duties.filter(judgesPackages)
  const { context: own, close } = compose({
    machine: { ...context.machine, env: asVariables(npmRegistries(context.machine)), home: laid.home },
    clock: context.clock,
    signal: context.signal,
    progress: context.progress,
    tell: context.tell,
    fleet: {
      place: placeOf(laid),
      upkeepFile: fileFor(context, judging),
      stateDir: laid.stateDir,
      practice: context.practice,
    },
  })
  try {
    const what = judging.map((duty) => duty.id)
    await own.acts.scan({ what, homes: [], probe: false, online: asked.online })
    const [{ inArchive }, { originOf }] = await Promise.all([
      import('../vet/in-archive.ts'),
      import('../vet/origin.ts'),
    ])
    const origin = originOf(await registrySeen(own), { obtained, candidate, online: asked.online })
    const model = inArchive(await drawReport(own), laid.home)
    const shown = { ...model, notAdopted: [] }
    const unjudged = vetted.notInside.length > 0 || vetted.problems.length > 0
    const outcome = outcomeOf(model, asked.limit) ?? (unjudged && asked.limit !== 'never' ? 'not-evaluated' : undefined)
    return {
      output: { ...vetted, origin, report: reportOutput(model) },
      text: (style) =>
        vetText({ ...vetted, origin }, style) +
        withoutCommands(renderTerminal(shown, { ...style, reportPath: null, maxItems: 50 })),
      ...(outcome === undefined ? {} : { outcome }),
    }
  } finally {
    await close()
  }
}

async function registrySeen(context: Context) {
  const store = await context.existingStore()
  const run = store === null ? null : await store.runs.latestCompleted('dependency-management')
  return store === null || run === null ? [] : observationsOf(store, run, ['registry'])
}

/** Duties about what is installed. Those that compare with what was approved have nothing to say of what is not there yet. */
function judgesPackages(duty: AnyDuty): boolean {
  const kinds: string[] = Object.values(duty.needs).map((need) => need.kind)
  return duty.scope === 'server' && kinds.includes('resolved-package') && !kinds.includes('approved-server')
}

function placeOf({ home }: VetHome): Place {
  return {
    id: home,
    home,
    platform: 'linux',
    env: {},
    projects: [],
    machine: false,
    upkeepFile: null,
    uid: process.getuid?.() ?? null,
  }
}

/** The owner's feeds, parameters and what they trust; nothing else of their file is about a package that is not theirs yet. */
function fileFor({ upkeepFile, upkeepFilePath, machine, catalog }: Context, judging: readonly AnyDuty[]): UpkeepFile {
  const base = upkeepFilePath === null ? machine.cwd : dirname(upkeepFilePath)
  const absolute = (path: string) => (/^https?:/.test(path) ? path : resolve(base, path))
  const { feeds, duties, profile, trust } = upkeepFile
  const adopted = catalog.duties.map((duty) => {
    const { params } = duties[duty.id] ?? {}
    return [duty.id, { adopted: judging.includes(duty), ...(params === undefined ? {} : { params }) }]
  })
  return UpkeepFile.parse({
    version: 1,
    profile,
    feeds: {
      ...feeds,
      osv: feeds.osv.map(absolute),
      registry: feeds.registry.map(absolute),
      ...(feeds.sources && { sources: feeds.sources.map((one) => ({ ...one, path: absolute(one.path) })) }),
    },
    ...(trust && { trust: Object.fromEntries(Object.entries(trust).map(([key, path]) => [key, absolute(path)])) }),
    duties: Object.fromEntries(adopted),
  })
}

/** What was judged is gone when the report is read: a command that looks for it would find nothing. */
function withoutCommands(text: string): string {
  return text.replace(/ {2}upkeep (?:findings|baseline|scan|duties|feeds)\b[^\n]*$/gm, '').replace(/ +$/gm, '')
}

const integrityWords = {
  verified: 'its bytes are those that the registry states',
  'not stated': 'the registry states no digest: its bytes were not compared',
  'not asked': 'its bytes were not compared with a registry',
}

function vetText(vetted: Vetted & { origin: Origin }, style: TerminalStyle): string {
  const { kind, name, version, notInside, problems, notes } = vetted
  const head = layParts(
    [`${name} ${version}, ${kind}`, counted(vetted.files, 'file'), integrityWords[vetted.integrity], 'nothing was run'],
    style,
  )
  const needs = notInside.slice(0, 8).join(', ')
  const more = notInside.length > 8 ? ' …' : ''
  const alone = `not judged: ${counted(notInside.length, 'package')} that it needs: ${needs}${more}`
  const { signature, provenance } = vetted.origin
  const lines = [
    `signature: ${printable(markWords(signature))}`,
    `provenance: ${printable(markWords(provenance))}`,
    ...(notInside.length > 0 ? [alone] : []),
    ...problems.map((one) => `not whole: ${one}`),
    ...notes.map((one) => `mind: ${one}`),
  ]
  return `${[...head, ...lines.map((line) => plain(style, line, 400))].join('\n')}\n\n`
}
