import { dirname, relative, sep } from 'node:path'
import type { ChangeBranch } from '@upkeep/contract/change-branch'
import type { RefState } from '@upkeep/contract/change-plan'
import type { Refusal } from '@upkeep/contract/ports'
import { resolvePath } from '../ports/files-read.ts'
import { refusal } from '../ports/files-refusal.ts'
import { type GitAnswer, type GitCall, git } from '../ports/git.ts'

/** A repository with a work tree: where it lies, and where it keeps its objects. Absolute paths. */
export interface Repository {
  readonly top: string
  readonly objects: string
  readonly format: 'sha1' | 'sha256'
}

/** Git's own words on a branch: where one begins and who is said to have made it. */
export type BranchBase = Pick<ChangeBranch['repositories'][number], 'base' | 'baseName'>

/** How git finds a repository: by the top folder of its work tree, or by variables where it is one of ours. */
export type GitPlace = Pick<GitCall, 'at' | 'env'>

const mostConfigText = 300

/**
 * The repository in whose work tree a file lies; null where it lies in none. Git itself refuses one of another owner. One whose own
 * configuration names hooks to run is refused, since newer versions of git run them whatever we say.
 */
export async function repositoryOf(path: string, signal?: AbortSignal): Promise<Repository | null | Refusal> {
  const folder = resolvePath(dirname(path))
  if (folder.state !== 'present') return folder.state === 'absent' ? null : folder
  const asked = ['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-common-dir', '--show-object-format']
  const answer = await git(asked, { at: folder.path }, signal)
  if (answer.state === 'failed') return answer.why.includes('not a git repository') ? null : unreachable(answer.why)
  const [top, common, format, ...rest] = lines(answer.out)
  if (top === undefined || common === undefined || rest.length > 0 || (format !== 'sha1' && format !== 'sha256'))
    return refusal('malformed', 'git does not say in one line each where its work tree and its objects lie')
  const hooks = await git(['config', '--get-regexp', '^hook\\..*\\.command$'], { at: top }, signal)
  if (hooks.state === 'done')
    return refusal('permission-denied', 'its configuration names hooks, which git would run: take them out first')
  return { top, objects: `${common}${sep}objects`, format }
}

/** The name of a file inside of a repository, with slashes; null where it lies outside. */
export function nameIn({ top }: Pick<Repository, 'top'>, path: string): string | null {
  const folder = resolvePath(dirname(path))
  if (folder.state !== 'present') return null
  const name = relative(top, `${folder.path}${sep}${path.slice(dirname(path).length + 1)}`)
  return name === '' || name.startsWith(`..${sep}`) || name === '..' ? null : name.replaceAll(sep, '/')
}

/** The commit that a branch begins at: the one that is named, else the default branch of `origin`, else the one checked out. */
export async function baseOf(
  { top }: Pick<Repository, 'top'>,
  named: string | null,
  signal?: AbortSignal,
): Promise<BranchBase | Refusal> {
  for (const name of named === null ? ['refs/remotes/origin/HEAD', 'HEAD'] : [named]) {
    const found = await git(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
      { at: top },
      signal,
    )
    const [base] = found.state === 'done' ? lines(found.out) : []
    if (base === undefined) continue
    const short = await git(['rev-parse', '--abbrev-ref', '--end-of-options', name], { at: top }, signal)
    // Some versions of git say the end of options again, before the name.
    const called = short.state === 'done' ? lines(short.out).at(-1) : undefined
    return { base, baseName: (called ?? name).slice(0, mostConfigText) }
  }
  if (named === null) return refusal('unreachable', 'it has no commit yet')
  return refusal('unreachable', `it has no branch or commit of the name "${named.slice(0, 100)}"`)
}

/** As whom the user commits, by their own configuration. */
export async function authorOf({ top }: Pick<Repository, 'top'>): Promise<ChangeBranch['author']> {
  const said = async (name: string, otherwise: string) => {
    const answer = await git(['config', '--get', name], { at: top })
    const [text = ''] = answer.state === 'done' ? lines(answer.out) : []
    const plain = text.replaceAll(/[<>\p{Cc}]/gu, '').trim()
    return plain === '' ? otherwise : plain.slice(0, mostConfigText)
  }
  return { name: await said('user.name', 'upkeep'), email: await said('user.email', 'upkeep@localhost') }
}

/** Where a ref stands. One that only points to another ref is refused: who writes it writes the other. */
export async function refNow(place: GitPlace, ref: string): Promise<RefState | Refusal> {
  const answer = await git(['for-each-ref', '--format=%(refname) %(objectname) %(symref)', ref], place)
  if (answer.state === 'failed') return unreachable(answer.why)
  const found = lines(answer.out).find((line) => line.startsWith(`${ref} `))
  if (found === undefined) return { state: 'absent' }
  const [, commit = '', symref = ''] = found.split(' ')
  if (symref !== '') return refusal('not-a-file', `${ref} only points to ${symref}`)
  return { state: 'commit', commit }
}

/** Moves a ref from exactly what it was to what it shall be; null when it did, else why not. */
export async function moveRef(
  place: GitPlace,
  ref: string,
  { from, to, author, why }: { from: RefState; to: RefState; author: ChangeBranch['author']; why: string },
): Promise<string | null> {
  const env = { ...place.env, GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email }
  const was = from.state === 'commit' ? from.commit : '0'.repeat(to.state === 'commit' ? to.commit.length : 40)
  const words =
    to.state === 'commit'
      ? ['update-ref', '--no-deref', '--create-reflog', '-m', why, ref, to.commit, was]
      : ['update-ref', '--no-deref', '-m', why, '-d', ref, was]
  const answer = await git(words, { ...place, env })
  return answer.state === 'done' ? null : answer.why
}

/** Where a branch is checked out; null where it is nowhere. */
export async function checkedOutIn({ top }: Pick<Repository, 'top'>, ref: string): Promise<string | null> {
  const answer = await git(['worktree', 'list', '--porcelain', '-z'], { at: top })
  if (answer.state === 'failed') return top
  const blocks = answer.out.toString('utf8').split('\0\0')
  const block = blocks.find((one) => one.split('\0').includes(`branch ${ref}`))
  return block === undefined ? null : (block.split('\0')[0]?.replace(/^worktree /, '') ?? top)
}

/** Whether what is checked out holds a commit, by itself or among those before it. */
export async function isCheckedOutWith({ top }: Pick<Repository, 'top'>, commit: string): Promise<boolean> {
  return (await git(['merge-base', '--is-ancestor', commit, 'HEAD'], { at: top })).state === 'done'
}

/** The lines of what git answered. */
export function lines(out: Buffer): string[] {
  const text = out.toString('utf8')
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

export function unreachable(why: Extract<GitAnswer, { state: 'failed' }>['why']): Refusal {
  return refusal('unreachable', why)
}
