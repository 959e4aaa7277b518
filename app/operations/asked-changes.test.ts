import { expect, test } from 'vitest'
import { fix } from './fix.ts'
import { testProduct } from './product.cases.ts'

test.each([
  [{ deny: true }, 'Claude Code alone', /--disable/],
  [{ moveSecrets: true }, 'headers are sent by the client itself', /upkeep servers/],
])('%o of a server that it cannot do anything about says why, and what to do', async (asked, why, action) => {
  const product = testProduct()
  const fs = { command: 'npx', args: ['-y', 'fs@1.0.0'] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { fs } }))
  await expect(product.run(fix, { what: ['fs'], plan: true, ...asked })).rejects.toMatchObject({
    code: 'change-impossible',
    message: expect.stringContaining(why),
    action: expect.stringMatching(action),
  })
})
