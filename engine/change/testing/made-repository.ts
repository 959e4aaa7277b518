import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ChangeBranch } from '@upkeep/contract/change-branch'
import { baseOf, repositoryOf } from '../git-repository.ts'

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgSign=false']

/** A repository of a test: the real program, a real work tree, and whatever its owner did in it. */
export interface MadeRepository {
  readonly top: string
  git(...words: string[]): string
  write(name: string, text: string): string
  commit(...names: string[]): string
  /** Everything that a change may not touch: work tree, index, what is checked out, and the other branches. */
  all(): Record<string, string>
  /** Has every program that a repository can name leave a mark when it is run; which marks there are. */
  trap(): () => string[]
}

export function madeRepository(top: string, format: 'sha1' | 'sha256' = 'sha1'): MadeRepository {
  mkdirSync(top, { recursive: true })
  const git = (...words: string[]) => {
    const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
    const done = spawnSync('git', ['-C', top, ...identity, ...words], { encoding: 'utf8', env })
    if (done.status !== 0) throw new Error(`git ${words.join(' ')}: ${done.stderr}`)
    return done.stdout.trim()
  }
  git('init', '--quiet', '--initial-branch=main', `--object-format=${format}`)
  return {
    top,
    git,
    write(name, text) {
      mkdirSync(dirname(join(top, name)), { recursive: true })
      writeFileSync(join(top, name), text)
      return join(top, name)
    },
    commit(...names) {
      git('add', '--', ...names)
      git('commit', '--quiet', '--message', `adds ${names.join(', ')}`)
      return git('rev-parse', 'HEAD')
    },
    all() {
      const files = readdirSync(top, { recursive: true, withFileTypes: true }).flatMap((entry) => {
        const path = join(entry.parentPath, entry.name)
        return entry.isFile() && !path.startsWith(join(top, '.git'))
          ? [[path, readFileSync(path, 'latin1')] as const]
          : []
      })
      const index = join(top, '.git', 'index')
      return {
        ...Object.fromEntries(files),
        index: existsSync(index) ? readFileSync(index).toString('hex') : '',
        head: readFileSync(join(top, '.git', 'HEAD'), 'utf8'),
        others: git('for-each-ref', '--format=%(refname) %(objectname)')
          .split('\n')
          .filter((line) => !line.startsWith('refs/heads/upkeep/'))
          .join('\n'),
      }
    },
    trap() {
      const folder = join(top, '.git', 'traps')
      mkdirSync(folder)
      const program = (name: string) => {
        const path = join(folder, name)
        writeFileSync(path, `#!/bin/sh\ntouch "${folder}/${name}.ran"\ncat\n`)
        chmodSync(path, 0o755)
        return path
      }
      const hooks =
        'reference-transaction post-index-change pre-commit prepare-commit-msg commit-msg post-commit post-checkout update post-update pre-auto-gc'
      mkdirSync(join(folder, 'hooks'))
      for (const name of hooks.split(' ')) {
        writeFileSync(join(folder, 'hooks', name), readFileSync(program(name)))
        chmodSync(join(folder, 'hooks', name), 0o755)
      }
      git('config', 'core.hooksPath', join(folder, 'hooks'))
      git('config', 'core.fsmonitor', program('fsmonitor'))
      git('config', 'core.sshCommand', program('ssh'))
      git('config', 'core.pager', program('pager'))
      git('config', 'gpg.program', program('gpg'))
      git('config', 'commit.gpgSign', 'true')
      git('config', 'filter.trap.clean', program('clean'))
      git('config', 'filter.trap.smudge', program('smudge'))
      git('config', 'diff.trap.command', program('diff'))
      writeFileSync(join(top, '.git', 'info', 'attributes'), '* filter=trap diff=trap\n')
      return () => readdirSync(folder).filter((name) => name.endsWith('.ran'))
    },
  }
}

/** A branch that begins at what is checked out. */
export async function branchOf({ top }: MadeRepository, name: string): Promise<ChangeBranch> {
  const repository = await repositoryOf(join(top, 'file'))
  if (repository === null || 'state' in repository) throw new Error(repository?.reason ?? 'no repository')
  const base = await baseOf(repository, null)
  if ('state' in base) throw new Error(base.reason)
  return {
    ref: `refs/heads/upkeep/${name}`,
    message: 'set fs to 2.0.0\n',
    author: { name: 'Ada', email: 'ada@example.org' },
    at: '2026-11-22T09:30:00.000Z',
    repositories: [{ top: repository.top, ...base }],
  }
}
