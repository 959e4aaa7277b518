import { readFileSync } from 'node:fs'
import { createMcpPort } from '@upkeep/engine/ports/mcp'

/** Our sweep as a process of its own, as a command line would be: reads addresses from a file, says how many servers listed their tools. */
const [file = '', rounds = '1'] = process.argv.slice(2)
const atOnce = 32
const urls: string[] = JSON.parse(readFileSync(file, 'utf8'))
const port = createMcpPort()

async function sweep(): Promise<number> {
  const waiting = [...urls]
  let listed = 0
  const worker = async () => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      const found = await port.look({ url, headers: {}, timeoutMs: 15_000, maxBytes: 8 << 20, lists: 1 })
      if (found.state === 'answered' && !('state' in found.surface) && found.surface.tools !== null) listed += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return listed
}

const said = { listed: 0, residentMiB: [] as number[] }
for (let round = 0; round < Number(rounds); round += 1) {
  said.listed = await sweep()
  said.residentMiB.push(Math.round(process.memoryUsage().rss / 2 ** 20))
}
console.log(JSON.stringify(said))
