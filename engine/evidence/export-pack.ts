import { UserError } from '@upkeep/contract/errors'
import { LedgerKey, type PackedRecord } from '@upkeep/contract/evidence'
import { ObservationManifest } from '@upkeep/contract/run'
import { withoutRaw } from '@upkeep/domain/printable-json'
import type { LedgerLeaf, Store } from '../store/store.ts'
import { isPracticeOrigin } from './keyring.ts'
import { parsedBody } from './leaf.ts'
import { inScope, type PackScope } from './pack-scope.ts'
import { at, referencesIn } from './walk-ledger.ts'

const chunk = 1_000
const objectsPerPage = 200

/** Takes the next piece of the text. */
export type WritePiece = (piece: string) => Promise<void> | void

/**
 * Writes an evidence pack piece by piece: one JSON text, a record, object or hash a line; all of one moment. Hidden characters are written as
 * escapes. It changes nothing and checks
 * nothing: what was altered comes out altered, for the verifier to name.
 *
 * @throws UserError `not-found` when nothing was sealed yet.
 */
export async function exportPack(
  store: Store,
  options: PackScope & { readonly exportedAt: string },
  write: WritePiece,
): Promise<void> {
  await store.transaction(async (tx) => {
    for await (const piece of pieces(tx, options)) await write(withoutRaw(piece))
  })
}

async function* pieces(store: Store, options: PackScope & { readonly exportedAt: string }): AsyncGenerator<string> {
  const first = (await store.keys.list()).at(0)
  if (first === undefined)
    throw new UserError(
      'not-found',
      'Nothing is sealed yet: there is no evidence to export.',
      'Run "upkeep scan" first.',
    )
  const digests = new Set<string>()
  yield `{\n${head(LedgerKey.parse(first).origin, options)}`
  yield* listOf('keys', keyLines(store))
  yield* listOf('checkpoints', notes(store))
  yield* listOf('leaves', leafHashes(store))
  yield* listOf('records', packedRecords(store, options, digests))
  yield '"objects":{'
  yield* joined(objectLines(store, digests))
  yield '\n}\n}\n'
}

function head(origin: string, { since, duty, exportedAt }: PackScope & { readonly exportedAt: string }): string {
  const fields = {
    format: 'upkeep-evidence-pack/1',
    origin,
    practice: isPracticeOrigin(origin),
    exportedAt,
    scope: { since: since ?? null, duty: duty ?? null },
  }
  return Object.entries(fields)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},\n`)
    .join('')
}

async function* listOf(name: string, items: AsyncIterable<string>): AsyncGenerator<string> {
  yield `"${name}":[`
  yield* joined(items)
  yield '\n],\n'
}

async function* joined(items: AsyncIterable<string>): AsyncGenerator<string> {
  let separator = '\n'
  for await (const item of items) {
    yield `${separator}${item}`
    separator = ',\n'
  }
}

async function* keyLines(store: Store): AsyncGenerator<string> {
  for (const record of await store.keys.list()) yield JSON.stringify(record.key ?? null)
}

async function* notes(store: Store): AsyncGenerator<string> {
  for (const { note } of await store.checkpoints.list()) yield JSON.stringify(note)
}

async function* leafHashes(store: Store): AsyncGenerator<string> {
  for await (const leaf of leavesOf(store)) yield JSON.stringify(leaf.leafHash)
}

async function* leavesOf(store: Store): AsyncGenerator<LedgerLeaf> {
  const size = await store.ledger.size()
  for (let from = 0; from < size; from += chunk) yield* await store.ledger.range(from, Math.min(size, from + chunk))
}

/** The records in scope; the objects that they name are gathered in `digests` on the way. */
async function* packedRecords(store: Store, scope: PackScope, digests: Set<string>): AsyncGenerator<string> {
  const isIn = inScope(scope)
  for await (const leaf of leavesOf(store)) {
    const body = await store.records.get(leaf.type, leaf.recordId)
    if (body === null || !isIn(leaf, body)) continue
    for (const { digest, isManifest } of referencesIn(leaf, body) ?? []) {
      digests.add(digest)
      if (isManifest) for (const observation of await observationsIn(store, digest)) digests.add(observation)
    }
    yield packedLine(leaf, body)
  }
}

/** The stored text goes in as it is: canonical when nobody touched it, and then the reader finds the sealed bytes again. */
function packedLine(leaf: LedgerLeaf, body: string): string {
  const { index, record } = at(leaf)
  const fields: Omit<PackedRecord, 'record'> = { index, type: leaf.type, id: record.id }
  return `${JSON.stringify(fields).slice(0, -1)},"record":${body}}`
}

async function observationsIn(store: Store, digest: string): Promise<string[]> {
  const manifest = ObservationManifest.safeParse(parsedBody((await readObject(store, digest)) ?? ''))
  return manifest.data?.map(({ observation }) => observation) ?? []
}

async function* objectLines(store: Store, digests: ReadonlySet<string>): AsyncGenerator<string> {
  const sorted = [...digests].sort()
  for (let from = 0; from < sorted.length; from += objectsPerPage) {
    for (const digest of sorted.slice(from, from + objectsPerPage)) {
      const text = await readObject(store, digest)
      if (text !== null) yield `${JSON.stringify(digest)}:${JSON.stringify(text)}`
    }
  }
}

/** An object that was altered is left out, and the verifier names it as missing: the store will not hand it over. */
async function readObject(store: Store, digest: string): Promise<string | null> {
  try {
    return await store.objects.get(digest)
  } catch (error) {
    if (error instanceof UserError && error.code === 'evidence-invalid') return null
    throw error
  }
}
