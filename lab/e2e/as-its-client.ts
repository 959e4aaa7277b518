import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const File = z.object({
  mcpServers: z.record(z.string(), z.object({ command: z.string(), args: z.array(z.string()) })),
})
const Answer = z.object({
  id: z.number().optional(),
  result: z
    .object({ isError: z.boolean().optional(), content: z.array(z.object({ text: z.string() })).optional() })
    .optional(),
  error: z.object({ message: z.string() }).optional(),
})

/**
 * Starts the first server of a client's file just as its client would, makes calls of tools one after the other, and gives their answers.
 *
 * @throws with what it said on standard error where it ended before it answered.
 */
export async function asItsClient(
  file: string,
  calls: readonly { name: string; arguments: object }[],
  env: Readonly<Record<string, string>>,
): Promise<{ text: string; isError: boolean }[]> {
  // Comments on lines of their own and a comma before a closing brace, as the tests' files have them.
  const text = readFileSync(file, 'utf8')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/,(?=\s*\})/g, '')
  const [entry] = Object.values(File.parse(JSON.parse(text)).mcpServers)
  if (entry === undefined) throw new Error('no entry')
  const child = spawn(entry.command, entry.args, { env, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], timeout: 60_000 })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function ask(id: number, method: string, params: object): Promise<z.infer<typeof Answer>> {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`it ended: ${complaints}`)
      const said = Answer.parse(JSON.parse(value))
      if (said.id === id) return said
    }
  }
  try {
    const clientInfo = { name: 'as-its-client', version: '1.0.0' }
    await ask(0, 'initialize', { protocolVersion: '2025-03-26', capabilities: {}, clientInfo })
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
    const answers = []
    for (const [index, params] of calls.entries()) {
      const { result, error } = await ask(index + 1, 'tools/call', params)
      const text = result?.content?.map((one) => one.text).join('\n') ?? error?.message ?? ''
      answers.push({ text, isError: error !== undefined || result?.isError === true })
    }
    return answers
  } finally {
    child.stdin.end()
    child.kill()
  }
}
