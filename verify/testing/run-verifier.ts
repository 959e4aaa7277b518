import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EvidencePack } from '@upkeep/contract/evidence'
import { exportPack } from '@upkeep/engine/evidence/export-pack'
import type { PackScope } from '@upkeep/engine/evidence/pack-scope'
import { dropStore, type MadeStore, makeSealedStore, minute } from '@upkeep/engine/evidence/testing/made-store'

export const verifier = fileURLToPath(new URL('../upkeep-verify.mjs', import.meta.url))
export const proofVerifier = fileURLToPath(new URL('../upkeep-verify-proof.mjs', import.meta.url))

/** Files and stores of one test file. */
export const folder = mkdtempSync(join(tmpdir(), 'upkeep-verify-'))
const opened: MadeStore[] = []
let files = 0

export async function cleanUp(): Promise<void> {
  for (const made of opened.splice(0)) await dropStore(made)
  rmSync(folder, { recursive: true, force: true })
}

/** A real store with so many sealed rounds. */
export async function sealed(rounds: number, practice = false): Promise<MadeStore> {
  const made = await makeSealedStore(rounds, practice)
  opened.push(made)
  return made
}

export async function packText({ store }: MadeStore, scope: PackScope = {}): Promise<string> {
  let text = ''
  await exportPack(store, { ...scope, exportedAt: minute(59) }, (piece) => {
    text += piece
  })
  return text
}

export async function packOf(made: MadeStore, scope: PackScope = {}): Promise<EvidencePack> {
  return EvidencePack.parse(JSON.parse(await packText(made, scope)))
}

export async function notesOf({ store }: MadeStore): Promise<string[]> {
  return (await store.checkpoints.list()).map(({ note }) => note)
}

export function file(content: string): string {
  files += 1
  const path = join(folder, `file-${files}`)
  writeFileSync(path, content)
  return path
}

/** What the verifier said, and its problems as `kind leaf N type id`. */
export interface Outcome {
  readonly code: number | null
  readonly text: string
  readonly problems: readonly string[]
}

const problemLine = /^ {2}([a-z]+-[a-z]+(?: leaf \d+)?(?: [a-z]+ [\w-]+)?):/

/** Runs the verifier as an auditor does: its own process, a file, nothing else. */
export function run(pack: unknown, ...words: string[]): Outcome {
  return runOne(verifier, pack, words)
}

/** As `run`, with the verifier of single records. */
export function runOnProof(proof: unknown, ...words: string[]): Outcome {
  return runOne(proofVerifier, proof, words)
}

function runOne(program: string, given: unknown, words: readonly string[]): Outcome {
  const path = file(typeof given === 'string' ? given : JSON.stringify(given))
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, path, ...words], { encoding: 'utf8' })
  const problems = stdout.split('\n').flatMap((line) => problemLine.exec(line)?.[1] ?? [])
  return { code: status, text: `${stdout}${stderr}`, problems }
}

/** The record at a place of the list. */
export function recordAt(pack: EvidencePack, at: number): EvidencePack['records'][number] {
  const record = pack.records[at]
  if (record === undefined) throw new Error('no such record')
  return record
}
