import { type Subject, UserError } from '@upkeep/contract'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { ContractStatement } from '@upkeep/contract/maintenance-contract'
import type { ContractGrounds } from '@upkeep/domain/maintenance/draw-contract'
import { ownServerUri, serverUri } from '@upkeep/domain/maintenance/server-uri'
import { approvedObservations } from '@upkeep/engine/baseline/approved-observations'
import { readFleetParts, type ServerParts } from '@upkeep/engine/report/fleet-parts'
import { stampsOf } from '@upkeep/engine/report/words'
import type { Store } from '@upkeep/engine/store/store'
import { knownChanges } from '../calendar-grounds.ts'
import type { Context } from '../operations/context.ts'
import { useOf } from '../operations/may-use.ts'
import { contractProofs } from './contract-proofs.ts'
import { contractVex } from './contract-vex.ts'

/**
 * Everything that the contract of a server is drawn from, as it is known now.
 *
 * @throws UserError `not-found` where no server has that name, `ambiguous` where different ones have.
 */
export async function contractGrounds(
  context: Context,
  store: Store,
  name: string,
  publisher: ContractGrounds['publisher'],
): Promise<ContractGrounds> {
  const now = context.clock.now()
  const parts = await readFleetParts(store, context.duties)
  const entries = parts.servers.filter(({ subject }) => subject.name === name)
  const { first, uri } = oneServer(entries, name, publisher.name)
  const subjects = entries.map(({ subject }) => subject)
  const use = await useOf(context, { server: name, ownWordOnly: true })
  const changes = await knownChanges(store)
  return {
    ...{ now, publisher, name, uri },
    stamps: stampsOf({
      practice: context.practice || parts.practice,
      simulatedClock: context.clock.kind === 'simulated' || parts.simulatedClock,
    }),
    ...bytesOf(first),
    use: use.answer,
    reasons: [...use.servers.flatMap(({ reasons }) => reasons), ...use.reasons].map(({ code }) => code),
    stated: statedFor(context, name) ?? ContractStatement.parse({}),
    proofs: await contractProofs(context, store, subjects),
    windows: context.upkeepFile.windows,
    changes: await Promise.all(
      changes.map(async (state) => ({ state, sheet: await sheetAt(store, state.assessment?.sheet ?? null) })),
    ),
    approved: await approvedSurface(store, subjects),
    vex: await contractVex(context, store, { ...parts, servers: entries }),
  }
}

/** What the owner states for the contract of a server; null where its contract is not spoken of. */
export function statedFor({ upkeepFile }: Pick<Context, 'upkeepFile'>, name: string): ContractStatement | null {
  return upkeepFile.servers.findLast((one) => one.name === name && one.contract !== undefined)?.contract ?? null
}

function oneServer(entries: readonly ServerParts[], name: string, publisher: string) {
  const [first] = entries
  if (first === undefined)
    throw new UserError(
      'not-found',
      'No server has that name.',
      'List them: "upkeep servers". Look first: "upkeep scan".',
    )
  const uris = new Set(entries.map(({ declared }) => (declared === null ? null : serverUri(declared))))
  if (uris.size > 1)
    throw new UserError(
      'ambiguous',
      'Different servers have that name: a contract is about one.',
      'Give them different names in their clients.',
    )
  const [uri = null] = uris
  return { first, uri: uri ?? ownServerUri(publisher, name) }
}

function bytesOf({ resolved }: ServerParts): Pick<ContractGrounds, 'version' | 'bytes'> {
  const facts = resolved?.state === 'seen' ? resolved.facts : null
  const copy = facts?.wouldRun == null ? undefined : facts.installed[facts.wouldRun]
  const own = copy?.components.find(({ name, version }) => name === facts?.name && version === copy.version)
  return {
    version: copy?.version ?? null,
    bytes: { integrity: hexOrNull(own?.digest), tree: copy?.problems.length === 0 ? hexOrNull(copy.digest) : null },
  }
}

function hexOrNull(digest: string | null | undefined): string | null {
  return digest != null && /^[0-9a-f]{64}$/.test(digest) ? digest : null
}

async function sheetAt(store: Store, digest: string | null): Promise<ImpactSheet | null> {
  const text = digest === null ? null : await store.objects.get(digest)
  return text === null ? null : ImpactSheet.parse(JSON.parse(text))
}

/** Where entries of a server were approved with other surfaces, none of them is what it offers. */
async function approvedSurface(store: Store, subjects: readonly Subject[]): Promise<ContractGrounds['approved']> {
  const ids = new Set(subjects.map(({ id }) => id))
  const approved = (await approvedObservations(store, [])).flatMap((one) =>
    one.state === 'seen' && ids.has(one.subject.id) && one.facts.surface !== null
      ? [{ surface: one.facts.surface, at: one.facts.approvedAt }]
      : [],
  )
  const [first] = approved
  const isOne = new Set(approved.map(({ surface }) => JSON.stringify(surface))).size === 1
  return first !== undefined && isOne ? first : null
}
