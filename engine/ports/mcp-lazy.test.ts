import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** Loads the port in a process of its own and says whether the MCP client came with it, before and after a look. */
const program = `
  import { registerHooks } from 'node:module'
  let loaded = false
  registerHooks({ resolve(name, context, next) {
    if (name.startsWith('@modelcontextprotocol/')) loaded = true
    return next(name, context)
  } })
  const { createMcpPort } = await import('./engine/ports/mcp.ts')
  const port = createMcpPort()
  const before = loaded
  await port.look({ url: 'http://127.0.0.1:1/', headers: {}, timeoutMs: 500, maxBytes: 1000 })
  console.log(JSON.stringify([before, loaded]))
`

it('loads the MCP client at the first look, not before', () => {
  const cwd = new URL('../..', import.meta.url)
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' })
  expect(JSON.parse(output)).toEqual([false, true])
})
