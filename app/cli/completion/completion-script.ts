import { operations } from '../../operations/table.ts'
import { bashCompletion } from './bash.ts'
import { commandWords } from './command-words.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** What a shell reads to complete every command of the table. */
export function completionScript(shell: keyof typeof scripts): string {
  return scripts[shell](commandWords(operations))
}
