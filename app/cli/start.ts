import { join } from 'node:path'
import { startExitCode } from './exit-codes.ts'
import { main } from './main.ts'

/** `npm start`: what `upkeep` alone does, going on to the practice fleet where nothing is found; findings are then no failure of npm's. */
await main(join(import.meta.dirname, 'main.ts'), { showsPractice: true })
process.exitCode = startExitCode(Number(process.exitCode ?? 0), process.argv.slice(2))
