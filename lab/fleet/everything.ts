import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A running server-everything over streamable HTTP. */
export interface RunningEverything {
  pid: number
  /** On every address of this machine. */
  listen: { port: number }
  url: string
  stop(): Promise<void>
}

/** Starts it bare: on a port of every address, as it comes. */
export async function startBare(script: string, port?: number): Promise<RunningEverything> {
  return start(script, port ?? (await anyPort()))
}

async function start(script: string, port: number): Promise<RunningEverything> {
  const home = mkdtempSync(join(tmpdir(), 'upkeep-everything-home-'))
  const env = { HOME: home, PORT: String(port) }
  const child = spawn(process.execPath, [script, 'streamableHttp'], { cwd: home, env, stdio: 'ignore' })
  const stop = async () => {
    await ended(child)
    rmSync(home, { recursive: true, force: true })
  }
  for (let waited = 0; waited < 20_000 && child.exitCode === null; waited += 50) {
    if (await answers(port)) return { pid: child.pid ?? 0, listen: { port }, url: `http://127.0.0.1:${port}/mcp`, stop }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await stop()
  throw new Error(`server-everything did not start: ${script}`)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/mcp', timeout: 1_000 }, (response) => {
      response.resume()
      resolve(true)
    })
    asked.on('error', () => resolve(false)).on('timeout', () => asked.destroy())
    asked.end()
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGKILL')
  await gone
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
