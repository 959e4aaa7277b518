import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterRound } from './after-round.ts'
import { baselineAccept } from './baseline-accept.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const entries = { fs: ['server@1.0.0'], web: ['web@1.0.0'] }

/** A home whose two servers are as approved; whoever tells is asked for in `upkeep.yaml`. */
export interface Told {
  readonly product: TestProduct
  /** Its servers are other ones from now on, or those of the beginning. */
  servers(changed?: Partial<typeof entries>): void
  /** Looks, and tells what came of it. */
  round(): Promise<void>
}

/** `yaml` is what `upkeep.yaml` holds beside its version. */
export async function toldHome(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<Told> {
  const product = testProduct(env)
  const servers: Told['servers'] = (changed = {}) => {
    const mcpServers = Object.fromEntries(
      Object.entries({ ...entries, ...changed }).map(([name, args]) => [name, { command: 'npx', args }]),
    )
    product.write('.cursor/mcp.json', JSON.stringify({ mcpServers }))
  }
  servers()
  for (const folder of [dirname(product.home), product.home, join(product.home, '.cursor')]) chmodSync(folder, 0o700)
  const round = async () => {
    const { output } = await product.run(scan, { duties: ['configuration-drift-detection', 'vulnerability-scanning'] })
    await product.within((context) => afterRound(context, output))
  }
  product.write('upkeep.yaml', 'version: 1\n')
  await round()
  await product.run(baselineAccept, { reason: 'as set up' })
  await round()
  product.write('upkeep.yaml', `version: 1\n${yaml}`)
  return { product, servers, round }
}

/** Something else than what was approved. */
export const drifted = { web: ['web@6.6.6'] }
