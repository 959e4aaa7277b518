import { execFile } from 'node:child_process'

const timeoutMs = 60_000
const mostBytes = 64 << 20
const mostWords = 300

/**
 * What of a repository's configuration would start programs or change bytes is not heeded: hooks, monitors, signing, filters, other hosts.
 * A bare repository that lies inside a project counts for none.
 */
export const quietSettings: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'core.attributesFile=/dev/null',
  'core.pager=cat',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
].flatMap((setting) => ['-c', setting])

/** Without the variables that would lead git to another repository, have it ask, or have it fetch. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') && name !== 'SSH_ASKPASS')
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    ...more,
  }
}

/** What git answered. `failed` holds the first words of its complaint: they may name refs and paths, never content. */
export type GitAnswer = { state: 'done'; out: Buffer } | { state: 'failed'; code: number | null; why: string }

/** How git is asked, beside what. */
export interface GitCall {
  /** A folder to begin in. Git itself goes there: its program is never looked for there. */
  readonly at?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: Uint8Array | string
}

/** Runs git: bounded in time and output, asking nobody, and starting nothing of the repository's. */
export function git(
  words: readonly string[],
  { at, env, input }: GitCall,
  signal?: AbortSignal | undefined,
): Promise<GitAnswer> {
  const place = at === undefined ? [] : ['-C', at]
  return new Promise((resolve) => {
    const child = execFile(
      'git',
      [...quietSettings, ...place, ...words],
      {
        cwd: '/',
        encoding: 'buffer',
        timeout: timeoutMs,
        maxBuffer: mostBytes,
        windowsHide: true,
        env: gitEnvironment(env),
        ...(signal === undefined ? {} : { signal }),
      },
      (error, out, said) => {
        if (error === null) return resolve({ state: 'done', out })
        resolve({ state: 'failed', code: typeof error.code === 'number' ? error.code : null, why: whyOf(error, said) })
      },
    )
    // It may be gone before all of it was read: then the exit code says so.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input ?? '')
  })
}

function whyOf(error: { code?: unknown; killed?: boolean }, said: Buffer): string {
  if (error.code === 'ENOENT') return 'git is not installed'
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'git answered more than is read'
  if (error.killed === true) return 'git did not answer in time'
  const [first = ''] = said.toString('utf8').split('\n')
  return first === '' ? `git ended with ${String(error.code)}` : `git says: ${first.slice(0, mostWords)}`
}
