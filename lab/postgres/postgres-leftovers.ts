import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Names of the folders that hold a server of ours: who started it stands in the name. */
export const folderPrefix = 'upkeep-postgres-'
const folderName = /^upkeep-postgres-(\d{1,10})-/

/** Ends servers and removes folders whose starter is gone without having cleaned up. Touches no server but one that runs in such a folder. */
export async function removeLeftovers(temp: string, owners: readonly number[]): Promise<string[]> {
  const removed: string[] = []
  for (const name of readdirSync(temp)) {
    const starter = folderName.exec(name)?.[1]
    if (starter === undefined || isAlive(Number(starter))) continue
    const folder = join(temp, name)
    if (!isOwnedBy(folder, owners)) continue
    await endServer(join(folder, 'data'))
    rmSync(folder, { recursive: true, force: true })
    removed.push(folder)
  }
  return removed
}

async function endServer(data: string): Promise<void> {
  const pid = serverIn(data)
  if (pid === null) return
  process.kill(pid, 'SIGQUIT')
  for (let waited = 0; waited < 5_000 && serverIn(data) !== null; waited += 50) await sleep(50)
  if (serverIn(data) !== null) process.kill(pid, 'SIGKILL')
}

/** The number alone proves nothing, since it may have been given to another process: that process must name this very folder. */
function serverIn(data: string): number | null {
  const pid = Number(firstLine(join(data, 'postmaster.pid')))
  if (!Number.isSafeInteger(pid) || pid <= 1) return null
  return readText(`/proc/${pid}/cmdline`).split('\0').includes(data) ? pid : null
}

function isOwnedBy(folder: string, owners: readonly number[]): boolean {
  const facts = lstatSync(folder, { throwIfNoEntry: false })
  return facts?.isDirectory() === true && owners.includes(facts.uid)
}

function firstLine(path: string): string {
  return readText(path).split('\n', 1)[0] ?? ''
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
