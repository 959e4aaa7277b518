import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Signer, UserError } from '@upkeep/contract'
import { ChangeDocument } from '@upkeep/contract/change-document'
import {
  isUndocumented,
  type UndocumentedChange,
  undocumentedChanges,
} from '@upkeep/domain/changes/undocumented-changes'
import { printableJson } from '@upkeep/domain/printable-json'
import { keyBehind, keysAt, signaturesBy } from '@upkeep/engine/change/person-keys'
import { storedChange } from '@upkeep/engine/change/record-step'
import { changeDocument, undocumentedDocument } from '@upkeep/engine/report/change-document'
import { counted, plain } from '@upkeep/engine/report/paint'
import { stampsOf } from '@upkeep/engine/report/words'
import type { Store } from '@upkeep/engine/store/store'
import writeFileAtomic from 'write-file-atomic'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { exportAnswer } from './export-document.ts'

export const documentFormats = ['md', 'html', 'json'] as const
type Format = (typeof documentFormats)[number]

/** The document of one change, shown or written to a file. */
export async function documentAnswer(
  context: Context,
  word: string,
  { format = 'md', out }: { format?: Format | undefined; out?: string | undefined },
) {
  const document = await documentNamed(context, word)
  const text = await documentText(document, format)
  const { text: shown, stamps } = await exportAnswer(context, { format, text, out, stamps: document.stamps })
  return { output: { changes: [], documents: [document], sheet: null, text }, text: shown, stamps }
}

/** Every change as a document in a folder, and a list of them. Made again it is the same, to the byte. */
export async function documentsAnswer(context: Context, folder: string, only: Format | undefined) {
  const documents = await allDocuments(context)
  const place = resolve(context.machine.cwd, folder)
  await mkdir(place, { recursive: true, mode: 0o700 })
  for (const document of documents) await writeDocument(place, document, only === undefined ? documentFormats : [only])
  await writeFileAtomic(join(place, 'upkeep-changes.json'), listText(documents), { mode: 0o600 })
  const gaps = documents.filter((document) => document.gaps.length > 0).length
  return {
    output: { changes: [], documents, sheet: null },
    text: (style: Parameters<typeof plain>[0]) =>
      `${counted(documents.length, 'document')} in ${plain(style, place, 1_000)}; ${gaps === 0 ? 'each is complete' : `${gaps} not complete`}.\n`,
    stamps: stampsFor(context),
  }
}

/** Every document there is to make: of changes made here, oldest first, and of what was changed without one. */
export async function allDocuments(context: Context): Promise<ChangeDocument[]> {
  const store = await requireStore(context)
  const grounds = await groundsOf(context, store)
  const documents: ChangeDocument[] = []
  for (const id of (await allIds(store)).reverse()) {
    const state = await storedChange(store, id)
    if (state !== null) documents.push(await changeDocument(store, state, grounds(id)))
  }
  for (const change of await undocumentedIn(store))
    documents.push(await undocumentedDocument(store, change, stampsFor(context)))
  return documents
}

async function undocumentedIn(store: Store): Promise<UndocumentedChange[]> {
  const drifted = (await store.findings.current()).filter(isUndocumented)
  const histories = await Promise.all(drifted.map(({ statement }) => store.findings.history(statement.fingerprint)))
  return undocumentedChanges(histories, await store.attestations.list())
}

const page = 500

async function allIds(store: Store): Promise<string[]> {
  const ids: string[] = []
  for (let offset = 0; ; offset += page) {
    const some = await store.changes.list({ limit: page, offset })
    ids.push(...some)
    if (some.length < page) return ids
  }
}

/** The document of the change that a person named. */
export async function documentNamed(context: Context, word: string): Promise<ChangeDocument> {
  const store = await requireStore(context)
  const without = await undocumentedIn(store)
  const ids = [...(await allIds(store)), ...without.map(({ id }) => id)]
  const [id, other] = ids.filter((one) => one === word || (word.length >= 8 && one.startsWith(word)))
  if (other !== undefined) throw new UserError('ambiguous', 'Several changes begin like that.', 'Give more of the id.')
  const behind = without.find((one) => one.id === id)
  if (behind !== undefined) return undocumentedDocument(store, behind, stampsFor(context))
  const state = id === undefined ? null : await storedChange(store, id)
  if (state === null)
    throw new UserError('not-found', 'There is no change of that id.', 'List them: "upkeep changes --all".')
  return changeDocument(store, state, (await groundsOf(context, store))(state.id))
}

async function groundsOf(context: Context, store: Store) {
  const keys = await store.personKeys.list()
  const attestations = await store.attestations.list()
  const signatureOf = signaturesBy(keys)
  return (id: string) => ({
    stamps: stampsFor(context),
    attestations,
    signatureOf: signatureOf(id),
    keyAt: (signer: Signer, at: string) => keyBehind(signer, keysAt(keys, at).get(signer.person) ?? []),
  })
}

/** What the records themselves say: which clock shows now is no part of a document that was made before. */
function stampsFor({ practice }: Pick<Context, 'practice'>): string[] {
  return stampsOf({ practice, simulatedClock: false })
}

/** A document in one of its forms. */
async function documentText(document: ChangeDocument, format: Format): Promise<string> {
  if (format === 'json') return `${printableJson(ChangeDocument.parse(document))}\n`
  if (format === 'html') return (await import('@upkeep/engine/report/html/document-page')).documentHtml(document)
  return (await import('@upkeep/engine/report/document-markdown')).documentMarkdown(document)
}

/** Writes a document in these forms. */
export async function writeDocument(
  place: string,
  document: ChangeDocument,
  formats: readonly Format[],
): Promise<void> {
  for (const format of formats)
    await writeFileAtomic(join(place, `${document.id}.${format}`), await documentText(document, format), {
      mode: 0o600,
    })
}

function listText(documents: readonly ChangeDocument[]): string {
  const rows = documents.map(({ id, of, what, gaps, evidence }) => ({
    id,
    of,
    title: what.title,
    gaps: gaps.map(({ field }) => field),
    evidence: evidence.map(({ index }) => index),
  }))
  return `${printableJson(rows)}\n`
}
