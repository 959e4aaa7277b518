import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { FilesPort } from '@upkeep/contract/ports'
import { textOf } from './proc-table.ts'

/** Most words before the script: a runtime and its own options. */
const maxBefore = 12

/**
 * Whether a process runs what is planned: the planned file is the program or its script, and the words behind it are the planned ones. A
 * word that may be a secret fits any: its text is not known here, and no command line is kept.
 */
export function runsPlan(files: FilesPort, pid: number, plan: RunPlan): boolean {
  const words = wordsOf(files, pid)
  const at = words.slice(0, maxBefore).findIndex((word) => leadsTo(files, pid, word, plan.file))
  if (at === -1 && !(plan.runtime === 'none' && leadsTo(files, pid, `/proc/${pid}/exe`, plan.file))) return false
  return fits(words.slice(Math.max(at, 0) + 1), plan.args)
}

function wordsOf(files: FilesPort, pid: number): string[] {
  const line = textOf(files, `/proc/${pid}/cmdline`) ?? ''
  return line === '' ? [] : line.replace(/\0$/, '').split('\0')
}

/** A relative word counts from the folder of the process; launchers start scripts by links. */
function leadsTo(files: FilesPort, pid: number, word: string, file: string): boolean {
  if (word === file) return true
  if (word === '' || word.startsWith('-')) return false
  const name = file.slice(file.lastIndexOf('/') + 1)
  const path = word.startsWith('/') ? word : `/proc/${pid}/cwd/${word}`
  // Nearly every process is told apart by its words alone; only what looks like a path is followed.
  if (!word.includes('/') && word !== name) return false
  const target = files.resolve(path)
  return target.state === 'present' && target.path === file
}

function fits(words: readonly string[], args: RunPlan['args']): boolean {
  if (words.length !== args.length) return false
  return args.every(({ text, standIn }, index) => standIn || words[index] === text)
}
