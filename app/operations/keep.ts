import { type Facts, type Observation, UserError } from '@upkeep/contract'
import { counted } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { Store } from '@upkeep/engine/store/store'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import type { KeptPackage, WantedPackage } from '@upkeep/engine/vault/keep-packages'
import { keptObjectsIn } from '@upkeep/engine/vault/kept-tarballs'
import { z } from 'zod'
import { npmRegistries } from '../npm-registries.ts'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const Package = z.strictObject({ name: z.string(), version: z.string() })
const maxShown = 40

/** Keeps the packages that servers run, as npm recorded them, so that what is installed can be held against them later. */
export const keep = defineOperation({
  id: 'keep',
  summary: 'keep the packages that servers run, to hold what is installed against them',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    server: z.string().optional().describe('Only the packages of this server'),
    online: z.boolean().default(false).describe('Fetch what is not kept yet from the package registry'),
  }),
  output: z.strictObject({
    kept: z.array(Package.extend({ bytes: z.int() })),
    had: z.array(Package),
    refused: z.array(Package.extend({ reason: z.string() })),
    /** Packages without a record of npm: there is nothing to check what would be fetched by. */
    unrecorded: z.array(z.string()),
  }),
  cli: {
    verb: 'keep',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep keep --online', says: 'every package of every server' },
      { command: 'upkeep keep crm --online', says: 'of one server' },
    ],
  },
  async run(context, { server, online }) {
    if (!online)
      throw new UserError(
        'bad-input',
        'Packages are fetched from the registry, which is asked only with --online.',
        'Add --online.',
      )
    const health = await healthOf(await requireStore(context), server)
    const wanted = wantedIn(health)
    const { keepPackages } = await import('@upkeep/engine/vault/keep-packages')
    const outcomes = await keepPackages(wanted.packages, {
      folder: keptObjectsIn(context.stateDir),
      registries: npmRegistries(context.machine),
      signal: context.signal,
      progress: context.progress,
    })
    const output = { ...sorted(outcomes), unrecorded: wanted.unrecorded }
    const whole = output.refused.length === 0
    return {
      output,
      text: (style) =>
        `${summary(output)}\n${output.refused.length === 0 ? '' : `\n${layRows(output.refused.slice(0, maxShown).map(refusedRow), style).join('\n')}\n`}`,
      ...(whole ? {} : { outcome: 'not-evaluated' as const }),
    }
  },
})

type Health = Facts<'dependency-health'>

/** What the newest run of dependency management saw. */
async function healthOf(store: Store, server: string | undefined): Promise<Health[]> {
  const run = await store.runs.latestCompleted('dependency-management')
  if (run === null)
    throw new UserError(
      'not-found',
      'What servers run was not looked at yet.',
      'Run "upkeep scan dependency-management" first.',
    )
  const seen = (await observationsOf(store, run)).filter(
    (one): one is Observation<'dependency-health'> => one.kind === 'dependency-health',
  )
  const meant = server === undefined ? seen : seen.filter(({ subject }) => subject.name === server)
  if (server !== undefined && meant.length === 0)
    throw new UserError('not-found', `There is no server "${server.slice(0, 80)}".`, 'See upkeep servers.')
  return meant.flatMap((one) => (one.state === 'seen' ? [one.facts] : []))
}

/** Each package once, by what npm recorded of it. */
function wantedIn(health: readonly Health[]): { packages: WantedPackage[]; unrecorded: string[] } {
  const packages = new Map<string, WantedPackage>()
  const unrecorded = new Set<string>()
  for (const { name, version, recorded } of health.flatMap(({ copies }) => copies.flatMap((copy) => copy.packages))) {
    if (recorded?.from === 'link') continue
    const integrity = recorded?.integrity ?? null
    const installed = recorded?.version ?? version
    if (integrity === null || installed === null) unrecorded.add(`${name} ${version ?? 'of unknown version'}`)
    else packages.set(`${name}@${installed} ${integrity}`, { name, version: installed, integrity })
  }
  return { packages: [...packages.values()], unrecorded: [...unrecorded].sort() }
}

function sorted(outcomes: readonly KeptPackage[]) {
  return {
    kept: outcomes.flatMap((one) =>
      one.state === 'kept' ? [{ name: one.name, version: one.version, bytes: one.bytes }] : [],
    ),
    had: outcomes.flatMap(({ state, name, version }) => (state === 'had' ? [{ name, version }] : [])),
    refused: outcomes.flatMap((one) =>
      one.state === 'refused' ? [{ name: one.name, version: one.version, reason: one.reason }] : [],
    ),
  }
}

function summary(output: ReturnType<typeof sorted> & { unrecorded: readonly string[] }): string {
  const { kept, had, refused, unrecorded } = output
  const all = kept.length + had.length + refused.length + unrecorded.length
  const parts = [`${kept.length} fetched`, `${had.length} kept before`]
  if (refused.length > 0) parts.push(`${refused.length} refused`)
  if (unrecorded.length > 0) parts.push(`${unrecorded.length} without a record of npm, which cannot be kept`)
  return `${counted(all, 'package')}: ${parts.join(', ')}; nothing was unpacked, nothing was run`
}

function refusedRow({ name, version, reason }: { name: string; version: string; reason: string }) {
  return { label: 'refused', tone: 'yellow' as const, name: `${name} ${version}`, lines: [reason], command: null }
}
