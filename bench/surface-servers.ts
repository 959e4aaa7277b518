import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { listen } from '@upkeep/lab/servers/loopback'
import { startScripted, toolsScript } from '@upkeep/lab/servers/scripted'
import { z } from 'zod'

/** Starts many servers in this one process and prints their addresses: half speak both eras, half only the handshake, with sessions. */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 200)
  const urls: string[] = []
  for (let at = 0; at < count; at += 1) urls.push(at % 2 === 0 ? await newer() : await older())
  console.log(JSON.stringify(urls))
}

const names = Array.from({ length: 12 }, (_, at) => `tool_${at}`)
const description = 'Reads what it is told to and answers with a text. '.repeat(4)

async function newer(): Promise<string> {
  const answer = toNodeHandler(createMcpHandler(server))
  const running = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  return (await listen(running, { scheme: 'http' })).url
}

function server(): McpServer {
  const made = new McpServer({ name: 'bench', version: '1' })
  for (const name of names)
    made.registerTool(name, { description, inputSchema: z.object({ path: z.string() }) }, () => ({ content: [] }))
  return made
}

async function older(): Promise<string> {
  const inputSchema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
  const list = JSON.stringify({ tools: names.map((name) => ({ name, description, inputSchema })) })
  return (await startScripted(toolsScript(() => list))).url
}

await main()
