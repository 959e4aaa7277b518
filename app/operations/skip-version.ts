import { Attestation, UserError } from '@upkeep/contract'
import { skipScope } from '@upkeep/domain/changes/skipped-versions'
import { dayOf } from '@upkeep/domain/distance'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { declaredNamed } from './asked-changes.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { refuseAgents } from './decide.ts'

/** What is asked of passing a version over. */
export interface AskedSkip {
  readonly what: readonly string[]
  readonly skip: string
  readonly until?: string | undefined
  readonly reason?: string | undefined
  readonly withdraw: boolean
}

const longestDays = 366

/**
 * Passes a version over until a day, for every server of that package: sealed, like everything that a person decides. What is wrong with
 * the present version stays open; the version is no longer proposed, and no change goes to it.
 */
export async function skipAnswer(context: Context, asked: AskedSkip) {
  refuseAgents(context)
  const packages = await packagesNamed(context, asked.what)
  const at = context.clock.now()
  const store = await context.store()
  const standing = await store.attestations.list()
  const terms = asked.withdraw ? null : termsOf(asked, at)
  const records = packages.flatMap((name) => {
    const scope = skipScope({ name, version: asked.skip })
    if (scope.length > 200) throw new UserError('bad-input', 'The name is too long.', 'Give the version alone.')
    const record = (reason: string, validUntil: string, revokes: string | null) =>
      Attestation.parse({
        id: newId(at),
        statement: reason,
        scope,
        evidence: [],
        limits: '',
        person: context.signer.person,
        role: 'operator',
        at,
        validUntil,
        revokes,
        signer: context.signer,
      })
    if (terms !== null) return [record(terms.reason, terms.until, null)]
    const revoked = new Set(standing.flatMap(({ revokes }) => revokes ?? []))
    return standing
      .filter((one) => one.scope === scope && one.revokes === null && !revoked.has(one.id))
      .map(({ id, validUntil }) => record('taken back', validUntil, id))
  })
  if (records.length === 0)
    throw new UserError('not-found', 'That version is not passed over.', 'See why it is proposed: "upkeep findings".')
  await store.transaction(async (tx) => {
    for (const record of records) await tx.attestations.append(record)
    await seal(
      tx,
      context.keyring,
      records.map((record) => ({ type: 'attestation' as const, record })),
      at,
    )
  })
  const what = `${packages.join(', ')} ${asked.skip}`
  return {
    output: { change: null, fixable: [], pullRequest: null },
    text: (style: TerminalStyle) =>
      terms === null
        ? `${plain(style, what)} may be proposed again. What is proposed: upkeep findings\n`
        : `${plain(style, what)} is passed over until ${dayOf(terms.until)} (presence not proven). What it would close stays open. What is proposed instead: upkeep findings\n`,
  }
}

function termsOf({ until, reason }: AskedSkip, at: string): { until: string; reason: string } {
  if (until === undefined || reason === undefined)
    throw new UserError(
      'bad-input',
      'Passing a version over takes a last day and a reason.',
      'Add --until 30d --reason "…".',
    )
  const end = endOfDay(until, at)
  if (end <= at) throw new UserError('bad-input', 'That day is over.', 'Give a later day with --until.')
  if (end > endOfDay(`${longestDays}d`, at))
    throw new UserError(
      'bad-input',
      'A version is passed over for a year at most.',
      'Give an earlier day with --until.',
    )
  return { until: end, reason }
}

async function packagesNamed(context: Context, words: readonly string[]): Promise<string[]> {
  const { servers } = await declaredNamed(context, words)
  const names = servers.flatMap(({ launch }) => ('ecosystem' in launch ? [launch.name] : []))
  if (names.length > 0) return [...new Set(names)]
  throw new UserError('bad-input', 'No server is named that starts a package.', 'upkeep fix <server> --skip <version>')
}
