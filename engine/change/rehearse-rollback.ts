import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FileState, PlannedEffect } from '@upkeep/contract/change-plan'
import type { ChangeTest } from '@upkeep/contract/change-step'
import { UserError } from '@upkeep/contract/errors'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import { fileNow, sameState, stateOf } from './file-state.ts'
import { rehearseBranch, workOut } from './plan-branch.ts'
import { type FileTo, writeFile } from './write-file.ts'

const name = 'rollback rehearsed'

/**
 * Makes a change on copies of its files and takes it back, byte by byte, before anybody is asked: a way back that was never walked is a
 * hope. The copies lie in a folder of ours that only this user may enter, and are gone afterwards.
 */
export async function rehearseRollback(
  world: Pick<ChangeWorld, 'remediations' | 'ports'>,
  { plan }: Pick<ChangeState, 'plan'>,
  folder: string,
): Promise<ChangeTest> {
  if (plan.branch !== undefined) return rehearsedBranch(world, { ...plan, branch: plan.branch })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const root = mkdtempSync(join(folder, 'rehearsal-'))
  try {
    const { files, effects } = await workOut(plan, world)
    for (const [index, { path, now, to }] of files.entries()) {
      const planned = plan.effects.find((one) => one.path === path)
      if (planned?.kind !== 'file') return failed(`${path}: the plan does not have it`)
      const before: FileTo = now.state === 'file' ? { state: 'file', bytes: now.bytes, mode: now.mode } : now
      const wrong = thereAndBack(join(root, `${index}`), before, to, planned)
      if (wrong !== null) return failed(`${path}: ${wrong}`)
    }
    if (effects.length !== plan.effects.length) return failed('what is there is no longer what the plan was made from')
    return {
      name,
      outcome: 'passed',
      detail: walked(files.length, effects),
    }
  } catch (error) {
    if (error instanceof UserError) return failed(error.message)
    throw error
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** Of a gateway and of a store there is no copy: working the change out walks both ways through what is known of them. */
function walked(files: number, effects: readonly PlannedEffect[]): string {
  const count = (kind: PlannedEffect['kind']) => effects.filter((effect) => effect.kind === kind).length
  const [entries, secrets] = [count('gateway-entry'), count('stored-secret')]
  const ofFiles = files === 1 ? 'one file' : `${files} files`
  const onCopies = files === 0 ? [] : [`made and taken back on a copy of ${ofFiles}: the very same bytes and mode`]
  const through = entries === 1 ? 'one entry of a gateway' : `${entries} entries of gateways`
  const onModel = entries === 0 ? [] : [`${through}: there and back through a model of the API, not on the gateway`]
  const places = secrets === 1 ? 'one place' : `${secrets} places`
  const looked = secrets === 0 ? [] : [`${places} in stores: seen to be free, and nothing was put there`]
  return [...onCopies, ...onModel, ...looked].join('; ')
}

async function rehearsedBranch(
  world: Pick<ChangeWorld, 'remediations' | 'ports'>,
  plan: Parameters<typeof rehearseBranch>[0],
): Promise<ChangeTest> {
  try {
    const wrong = await rehearseBranch(plan, world)
    if (wrong !== null) return failed(wrong)
  } catch (error) {
    if (error instanceof UserError) return failed(error.message)
    throw error
  }
  const detail = 'the commit holds only these files; its branch was made and taken back in a repository of ours'
  return { name, outcome: 'passed', detail }
}

/** What went wrong on the way there or back; null when both ways came out as planned. */
function thereAndBack(
  copy: string,
  before: FileTo,
  after: FileTo,
  planned: { before: FileState; after: FileState },
): string | null {
  return (
    put(copy, before, planned.before, 'laid out') ??
    put(copy, after, planned.after, 'changed') ??
    put(copy, before, planned.before, 'taken back')
  )
}

function put(copy: string, to: FileTo, wanted: FileState, what: string): string | null {
  const from = fileNow(copy)
  if (from.state === 'unavailable') return from.reason
  const written = writeFile({ path: copy, from, to, draft: '.draft' })
  if (written.state !== 'written') return written.state === 'unavailable' ? written.reason : 'it changed meanwhile'
  const now = fileNow(copy)
  if (now.state === 'unavailable') return now.reason
  return sameState(stateOf(now), wanted) ? null : `${what}, a copy of it is not what the plan says`
}

function failed(detail: string): ChangeTest {
  return { name, outcome: 'failed', detail: detail.slice(0, 2_000) }
}
