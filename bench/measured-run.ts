import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What one run of a program cost. */
export interface MeasuredRun {
  milliseconds: number
  /** The most memory that it held at once, in bytes; null where the system does not say. */
  peakBytes: number | null
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end; its peak memory is read from /proc while it runs, since its own count is gone with it. */
export function measuredRun(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; sampleEveryMs: number | null },
): Promise<MeasuredRun> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(program, [...args], { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] }
    child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk))
    let peakBytes: number | null = null
    const sample = () => {
      peakBytes = Math.max(peakBytes ?? 0, peakOf(child.pid) ?? 0) || null
    }
    const sampling = options.sampleEveryMs === null ? undefined : setInterval(sample, options.sampleEveryMs)
    child.on('error', reject)
    child.on('close', (exitCode) => {
      const milliseconds = performance.now() - started
      clearInterval(sampling)
      const [stdout, stderr] = [output.stdout, output.stderr].map((chunks) => Buffer.concat(chunks).toString('utf8'))
      resolve({ milliseconds, peakBytes, exitCode, stdout: stdout ?? '', stderr: stderr ?? '' })
    })
  })
}

/** VmHWM is the kernel's own high-water mark: a sample taken late still knows the peak. */
function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1_024
  } catch {
    return null
  }
}
