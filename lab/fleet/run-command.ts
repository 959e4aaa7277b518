import { spawn } from 'node:child_process'

/** Runs a program to its end and returns what it printed; fails with what it complained of. */
export function runCommand(
  program: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    const complaint: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk))
    child.on('error', reject)
    child.on('close', (exitCode) => {
      if (exitCode === 0) resolve(Buffer.concat(output).toString('utf8'))
      else
        reject(
          new Error(
            `${program} ${args.join(' ')} ended with ${exitCode}: ${Buffer.concat(complaint).toString('utf8')}`,
          ),
        )
    })
  })
}
