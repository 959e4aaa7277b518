// Started by the tests as a program of its own: becomes a confined program behind the walls of one backend.
import { readFileSync } from 'node:fs'
import { ConfinementProfile } from '@upkeep/contract/confinement'
import { bubblewrap } from '../bubblewrap.ts'
import { confinedCommand } from '../confined-command.ts'
import { userNamespaces } from '../user-namespaces.ts'
import { path } from './backends.ts'

const [, , id = '', file = '', home = '', tempDir = ''] = process.argv
const among = [bubblewrap, userNamespaces].filter((one) => one.id === id)
const profile = ConfinementProfile.parse(JSON.parse(readFileSync(file, 'utf8')))
const start = { profile, args: ['an argument'], env: process.env, cwd: process.cwd(), home, hidden: [`${home}/state`] }
try {
  const { argv, env } = confinedCommand({ ...start, tempDir, path }, among)
  process.execve?.(argv[0], [...argv], { ...env })
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : 'no error')
  process.exit(2)
}
