import { execFile } from 'node:child_process'
import { constants, lstatSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '@upkeep/contract'
import writeFileAtomic from 'write-file-atomic'
import { mark, type SchedulePlan } from './schedule-files.ts'

const run = promisify(execFile)
const headBytes = 4_096

/** Whose file lies at a path. */
export type Owner = 'nobody' | 'ours' | 'foreign'

/** A file is ours when it is a plain file that carries our mark at its beginning. */
export async function ownerOf(path: string): Promise<Owner> {
  const facts = lstatSync(path, { throwIfNoEntry: false })
  if (facts === undefined) return 'nobody'
  if (!facts.isFile()) return 'foreign'
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const head = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(head, 0, headBytes, 0)
    return head.toString('utf8', 0, bytesRead).includes(mark) ? 'ours' : 'foreign'
  } finally {
    await handle.close()
  }
}

/** Refuses before anything is touched when a file of somebody else lies at one of the paths. */
export async function refuseForeign(plan: SchedulePlan): Promise<void> {
  for (const { path } of plan.files) {
    if ((await ownerOf(path)) !== 'foreign') continue
    throw new UserError(
      'config-exists',
      `There is a file that upkeep did not make: ${path}. Nothing was touched.`,
      'Move that file away, or keep it and run "upkeep" from it.',
    )
  }
}

/** Writes the files. Those that are ours already are replaced. */
export async function writeSchedule(plan: SchedulePlan): Promise<void> {
  await refuseForeign(plan)
  for (const { path, text } of plan.files) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFileAtomic(path, text, { mode: 0o644 })
  }
}

/** Removes the files that are ours; a foreign one is left and named. */
export async function removeSchedule(plan: SchedulePlan): Promise<string[]> {
  await refuseForeign(plan)
  const removed: string[] = []
  for (const { path } of plan.files) {
    if ((await ownerOf(path)) !== 'ours') continue
    await rm(path)
    removed.push(path)
  }
  return removed
}

/** Runs the scheduler's own commands; false as soon as one of them fails, with which. */
export async function runCommands(
  commands: readonly (readonly string[])[],
): Promise<{ ok: true } | { ok: false; failed: string }> {
  for (const [program = '', ...words] of commands) {
    try {
      await run(program, words, { timeout: 30_000 })
    } catch {
      return { ok: false, failed: [program, ...words].join(' ') }
    }
  }
  return { ok: true }
}
