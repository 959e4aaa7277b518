import { startAuthProxy } from '@upkeep/lab/servers/auth-proxy'

/** The auth proxy as a process of its own, so that what it uses can be told from what the bench uses: says where it is, ends with its input. */
const [script = '', ...args] = process.argv.slice(2)
const proxy = await startAuthProxy({ command: process.execPath, args: [script, ...args], env: {}, cwd: '/' })
process.stdout.write(`${JSON.stringify({ url: proxy.url, token: proxy.token })}\n`)
process.stdin.resume().on('end', () => void proxy.close().finally(() => process.exit()))
