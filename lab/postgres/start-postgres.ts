import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyPostgresBinaries, findPostgresBinaries, type Owner } from './postgres-binaries.ts'
import { folderPrefix, removeLeftovers } from './postgres-leftovers.ts'

/** A running PostgreSQL server of our own, reached by a socket in its own folder. `url` names its first database. */
export interface PostgresServer {
  readonly url: string
  readonly folder: string
  stop(): Promise<void>
}

const nobody: Owner = { uid: 65_534, gid: 65_534 }
const startSeconds = 60
const logName = 'server.log'

/**
 * The shell holds the server for as long as it can read from us. When this process ends, however it ends, reading ends too, the shell
 * stops the server and removes the folder.
 */
const keeper = `
"$1/bin/initdb" -D "$2/data" -U upkeep --auth=trust --no-sync --no-instructions --encoding=UTF8 --locale=C || exit 1
"$1/bin/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \\
  -c shared_buffers=32MB -c max_connections=60 -c dynamic_shared_memory_type=mmap -c log_min_messages=warning &
server=$!
cat >/dev/null
kill -INT $server
wait $server
rm -rf "$2"
`

/** Starts a server in a fresh temp folder, as nobody when we are root (PostgreSQL refuses root), after clearing what earlier runs left. */
export async function startPostgres(): Promise<PostgresServer> {
  const native = findPostgresBinaries()
  if (native === null) throw new Error(`there is no PostgreSQL binary for ${process.platform}-${process.arch}`)
  const owner = process.getuid?.() === 0 ? nobody : null
  const temp = tempFolder()
  await removeLeftovers(temp, [process.getuid?.() ?? -1, ...(owner ? [owner.uid] : [])])
  const folder = mkdtempSync(join(temp, `${folderPrefix}${process.pid}-`))
  copyPostgresBinaries(native, join(folder, 'install'), owner)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const child = spawnKeeper(folder, owner)
  await untilReady(child, folder)
  child.unref()
  return {
    folder,
    url: `postgresql://upkeep@/postgres?host=${encodeURIComponent(folder)}`,
    stop: () => stop(child, folder),
  }
}

/** A socket's path holds about a hundred characters, and a temp folder of root's own may be closed to nobody. */
function tempFolder(): string {
  const chosen = tmpdir()
  return process.getuid?.() === 0 || chosen.length > 60 ? '/tmp' : chosen
}

function spawnKeeper(folder: string, owner: Owner | null): ChildProcess {
  const log = openSync(join(folder, logName), 'a')
  try {
    return spawn('/bin/sh', ['-c', keeper, 'sh', join(folder, 'install'), folder], {
      cwd: '/',
      // Of its own group, so that Ctrl-C reaches us and not the server; it then ends because we do.
      detached: true,
      stdio: ['pipe', log, log],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', HOME: folder },
      ...(owner ?? {}),
    })
  } finally {
    closeSync(log)
  }
}

async function untilReady(child: ChildProcess, folder: string): Promise<void> {
  for (let waited = 0; waited < startSeconds * 1_000; waited += 20) {
    if (isReady(folder)) return
    if (hasEnded(child)) break
    await sleep(20)
  }
  const log = readFileSync(join(folder, logName), 'utf8').slice(-10_000)
  await stop(child, folder)
  throw new Error(`PostgreSQL did not start:\n${log}`)
}

/** The eighth line of postmaster.pid says how far the server has come. */
function isReady(folder: string): boolean {
  try {
    return (
      readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8')
        .split('\n')[7]
        ?.trim() === 'ready'
    )
  } catch {
    return false
  }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  child.stdin?.end()
  for (let waited = 0; waited < 10_000 && !hasEnded(child); waited += 20) await sleep(20)
  if (!hasEnded(child) && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
