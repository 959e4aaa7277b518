import { createHash } from 'node:crypto'
import { type ChangeInput, UserError } from '@upkeep/contract'
import type { ChangeBranch } from '@upkeep/contract/change-branch'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { printable } from '@upkeep/domain/printable'
import { authorOf, type BranchBase, baseOf, type Repository, repositoryOf } from '@upkeep/engine/change/git-repository'
import type { Context } from './context.ts'

/** What of a change becomes a branch, and what is said of the rest. */
export interface ForBranch {
  readonly inputs: ChangeInput[]
  readonly branch: ChangeBranch
  readonly said: string[]
}

/**
 * The part of a change whose files lie in Git work trees, as one branch in each of their repositories. The same inputs on the same commits
 * give the same name of the branch.
 *
 * @throws UserError `change-impossible` where no file lies in one, or git refuses.
 */
export async function branchFor(
  context: Pick<Context, 'clock' | 'signal' | 'upkeepFile'>,
  { inputs, title, base }: { inputs: readonly ChangeInput[]; title: string; base: string | null },
): Promise<ForBranch> {
  const found = new Map<string, Repository & BranchBase>()
  const within: ChangeInput[] = []
  const said: string[] = []
  for (const input of inputs) {
    const repository = await repositoryOf(input.path, context.signal)
    if (repository === null) {
      said.push(`left out: ${input.path} lies in no Git repository; without --branch it is changed itself`)
      continue
    }
    if ('state' in repository) throw impossible(input.path, repository.reason)
    const known = found.get(repository.top)
    const begins = known ?? (await baseOf(repository, base ?? context.upkeepFile.branches.base ?? null, context.signal))
    if ('state' in begins) throw impossible(repository.top, begins.reason)
    found.set(repository.top, { ...repository, base: begins.base, baseName: begins.baseName })
    within.push(input)
  }
  const repositories = [...found.values()].map(({ top, base, baseName }) => ({ top, base, baseName }))
  const [first] = repositories
  if (first === undefined)
    throw new UserError(
      'change-impossible',
      'None of the files that declare it lies in a Git repository.',
      'Without --branch the files themselves are changed.',
    )
  const message = `${printable(title, { maxLength: 200 })}\n\nMade by upkeep. What it means stands in the pull request.\n`
  const ref = `refs/heads/upkeep/${nameFrom(title)}-${digestOf({ within, repositories })}`
  const branch = { ref, message, author: await authorOf(first), at: context.clock.now(), repositories }
  return { inputs: within, branch, said: [...new Set(said)] }
}

function nameFrom(title: string): string {
  const words = title.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')
  // Git takes no name that ends in ".lock" or holds two dots.
  const name = words
    .replaceAll(/\.{2,}/g, '.')
    .slice(0, 50)
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  return name === '' ? 'change' : name.replace(/\.lock$/, '-lock')
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 8)
}

function impossible(what: string, why: string): UserError {
  return new UserError(
    'change-impossible',
    `${what}: ${why}.`,
    'Nothing was written. Without --branch the file itself is changed.',
  )
}
