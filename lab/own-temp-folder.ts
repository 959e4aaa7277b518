import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Each worker has a temporary folder of its own: a test that looks for what was left behind must not see what its neighbour is about.
const own = join(tmpdir(), `lab-${process.env.VITEST_POOL_ID ?? '0'}`)
if (!/[/]lab-\d+$/.test(tmpdir())) {
  mkdirSync(own, { recursive: true, mode: 0o1777 })
  process.env.TMPDIR = own
}
