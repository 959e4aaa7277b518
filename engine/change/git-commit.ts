import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChangeBranch } from '@upkeep/contract/change-branch'
import type { RefState } from '@upkeep/contract/change-plan'
import type { Absent, Refusal } from '@upkeep/contract/ports'
import { refusal } from '../ports/files-refusal.ts'
import { type GitAnswer, type GitCall, git } from '../ports/git.ts'
import { type GitPlace, lines, moveRef, type Repository, refNow, unreachable } from './git-repository.ts'

const mostBytes = 16 << 20

/** A file as a commit has it. */
export interface Committed {
  readonly state: 'file'
  readonly bytes: Uint8Array
  readonly executable: boolean
}

/** A file as a commit shall have it, by its name in the repository. */
export interface CommitFile {
  readonly name: string
  readonly to: { state: 'absent' } | { state: 'file'; bytes: Uint8Array; executable: boolean }
}

/** A commit that was made beside the repository: its name, and all that the repository lacks of it, as a pack. */
export interface MadeCommit {
  readonly commit: string
  readonly pack: Uint8Array
}

/**
 * A repository of ours for a moment, which sees the objects of the user's and keeps its own to itself. Nothing of the user's repository is
 * written, and its configuration is not even read.
 */
export interface Scratch {
  read(commit: string, name: string): Promise<Committed | Absent | Refusal>
  commit(branch: ChangeBranch, base: string, files: readonly CommitFile[]): Promise<MadeCommit | Refusal>
  /** Makes the branch and takes it back; null when both came out as they should, else what did not. */
  thereAndBack(branch: ChangeBranch, base: string, made: MadeCommit, names: readonly string[]): Promise<string | null>
}

/** Works with a repository of ours beside the user's, which is gone afterwards. */
export async function inScratch<Result>(
  repository: Repository,
  work: (scratch: Scratch) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result | Refusal> {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-git-'))
  try {
    const own = join(folder, 'scratch.git')
    const words = ['init', '--quiet', '--bare', '--template=', `--object-format=${repository.format}`, own]
    const begun = await git(words, {}, signal)
    if (begun.state === 'failed') return unreachable(begun.why)
    const env = { GIT_DIR: own, GIT_INDEX_FILE: join(folder, 'index'), ...seesObjectsOf(repository) }
    const run = (words: readonly string[], input?: GitCall['input'], more: GitCall['env'] = {}) =>
      git(words, { env: { ...env, ...more }, ...(input === undefined ? {} : { input }) }, signal)
    return await work({
      read: (commit, name) => readCommitted(run, commit, name),
      commit: (branch, base, files) => makeCommit(run, branch, base, files),
      thereAndBack: (branch, base, made, names) => walk(run, { env }, { branch, base, made, names }),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A path in C's quotes, since a colon parts several. */
function seesObjectsOf({ objects }: Repository): Record<string, string> {
  return { GIT_ALTERNATE_OBJECT_DIRECTORIES: `"${objects.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` }
}

type Run = (words: readonly string[], input?: GitCall['input'], more?: GitCall['env']) => Promise<GitAnswer>

async function readCommitted(run: Run, commit: string, name: string): Promise<Committed | Absent | Refusal> {
  const listed = await run(['ls-tree', '-z', '--full-tree', commit, '--', name])
  if (listed.state === 'failed') return unreachable(listed.why)
  const [row = ''] = listed.out.toString('utf8').split('\0')
  const [, mode, kind, object = ''] = /^(\d{6}) (\w+) ([0-9a-f]+)\t/.exec(row) ?? []
  if (mode === undefined) return { state: 'absent' }
  if (kind !== 'blob' || (mode !== '100644' && mode !== '100755'))
    return refusal('not-a-file', 'the repository holds a link or a folder of that name')
  const size = await run(['cat-file', '-s', object])
  if (size.state === 'failed') return unreachable(size.why)
  if (Number(lines(size.out)[0]) > mostBytes) return refusal('too-large', `it is larger than ${mostBytes} bytes`)
  const read = await run(['cat-file', 'blob', object])
  if (read.state === 'failed') return unreachable(read.why)
  return { state: 'file', bytes: new Uint8Array(read.out), executable: mode === '100755' }
}

async function makeCommit(
  run: Run,
  branch: ChangeBranch,
  base: string,
  files: readonly CommitFile[],
): Promise<MadeCommit | Refusal> {
  const rows: string[] = []
  for (const file of files) {
    const row = await rowOf(run, base, file)
    if (typeof row !== 'string') return row
    rows.push(row)
  }
  const read = await run(['read-tree', base])
  if (read.state === 'failed') return unreachable(read.why)
  const staged = await run(['update-index', '-z', '--index-info'], rows.join(''))
  if (staged.state === 'failed') return unreachable(staged.why)
  const tree = await one(run, ['write-tree'])
  if (typeof tree !== 'string') return tree
  const commit = await one(run, ['commit-tree', tree, '-p', base, '-F', '-'], branch.message, signedBy(branch))
  if (typeof commit !== 'string') return commit
  const pack = await run(['pack-objects', '--quiet', '--revs', '--stdout'], `${commit}\n^${base}\n`)
  return pack.state === 'failed' ? unreachable(pack.why) : { commit, pack: new Uint8Array(pack.out) }
}

/** A file as the index takes it; its content is stored on the way. */
async function rowOf(run: Run, base: string, { name, to }: CommitFile): Promise<string | Refusal> {
  if (to.state === 'absent') return `0 ${'0'.repeat(base.length)}\t${name}\0`
  const put = await one(run, ['hash-object', '-w', '--no-filters', '--stdin'], to.bytes)
  return typeof put === 'string' ? `${to.executable ? '100755' : '100644'} ${put}\t${name}\0` : put
}

function signedBy({ author, at }: ChangeBranch): Record<string, string> {
  const date = `${Math.floor(Date.parse(at) / 1_000)} +0000`
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  }
}

/** What git answers in one line. */
async function one(run: Run, words: readonly string[], input?: GitCall['input'], more?: GitCall['env']) {
  const answer = await run(words, input, more)
  if (answer.state === 'failed') return unreachable(answer.why)
  return lines(answer.out)[0] ?? refusal('malformed', 'git answered nothing')
}

/** On the repository of ours: the commit holds nothing but the files that it is about, and its branch comes and goes. */
async function walk(
  run: Run,
  place: GitPlace,
  { branch, base, made, names }: { branch: ChangeBranch; base: string; made: MadeCommit; names: readonly string[] },
): Promise<string | null> {
  const differs = await run(['diff-tree', '-r', '-z', '--no-renames', '--name-only', base, made.commit])
  if (differs.state === 'failed') return differs.why
  const changed = differs.out
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '')
  if (changed.toSorted().join('\0') !== names.toSorted().join('\0')) return 'the commit is about other files as well'
  const absent: RefState = { state: 'absent' }
  const there: RefState = { state: 'commit', commit: made.commit }
  const words = { author: branch.author, why: 'rehearsed' }
  const went = await moveRef(place, branch.ref, { from: absent, to: there, ...words })
  if (went !== null) return went
  const came = await moveRef(place, branch.ref, { from: there, to: absent, ...words })
  if (came !== null) return came
  const now = await refNow(place, branch.ref)
  return now.state === 'absent' ? null : 'the branch did not go away'
}

/** Puts the objects of a commit into a repository. They are there already where it was done before; then nothing is written. */
export async function unpack({ top }: Pick<Repository, 'top'>, { commit, pack }: MadeCommit): Promise<string | null> {
  const done = await git(['unpack-objects', '-q'], { at: top, input: pack })
  if (done.state === 'failed') return done.why
  const there = await git(['cat-file', '-e', `${commit}^{commit}`], { at: top })
  return there.state === 'done' ? null : 'what was kept does not hold the commit of the plan'
}
