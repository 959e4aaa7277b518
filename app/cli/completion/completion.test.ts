import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { operations } from '../../operations/table.ts'
import { bashCompletion } from './bash.ts'
import { commandWords } from './command-words.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-completion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const commands = commandWords(operations)
writeFileSync(join(folder, 'a-file.json'), '')

/** How each shell is asked what it would offer for a line; the last word is the one that is being typed. */
const shells = {
  bash: { script: bashCompletion(commands), ask: inBash },
  zsh: { script: zshCompletion(commands), ask: inZsh },
  fish: { script: fishCompletion(commands), ask: inFish },
}

function ran(program: string, text: string): string[] {
  const { stdout, stderr, status } = spawnSync(program, ['-c', text], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder },
  })
  expect([status, stderr]).toEqual([0, ''])
  return stdout.split('\n').filter((line) => line !== '')
}

function inBash(script: string, words: readonly string[]): string[] {
  const list = ['upkeep', ...words].map((word) => `'${word}'`).join(' ')
  return ran(
    'bash',
    `source ${script}; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _upkeep; printf '%s\\n' "\${COMPREPLY[@]}"`,
  )
}

/** Outside of its line editor zsh has no completion system: what is handed to that is taken down, and cut as it would. */
function inZsh(script: string, words: readonly string[]): string[] {
  const list = ['upkeep', ...words].map((word) => `'${word}'`).join(' ')
  const stubs = `_describe() { local name=\${@[-1]}; print -rl -- \${\${(P)name}%%:*} }; _files() { print -rl -- *(N) }`
  const offered = ran('zsh', `${stubs}; source ${script}; words=(${list}); CURRENT=${words.length + 1}; _upkeep; true`)
  return offered.filter((one) => one.startsWith(words.at(-1) ?? ''))
}

function inFish(script: string, words: readonly string[]): string[] {
  const line = ['upkeep', ...words].join(' ')
  return ran('fish', `source ${script}; complete -C '${line}'`).map((offered) => offered.split('\t')[0] ?? '')
}

function missing(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const { script, ask } = shells[shell]
  const file = join(folder, `upkeep.${shell}`)
  writeFileSync(file, script)
  const offers = (...words: string[]) => ask(file, words).toSorted()
  const test_ = test.skipIf(missing(shell))

  test_('understands every line of it', () => {
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  test_('commands, by their beginning', () => {
    expect(offers('comp')).toEqual(['completion'])
    expect(offers('base')).toEqual(['baseline'])
    expect(offers('zzz')).toEqual([])
    const first = new Set(operations.flatMap(({ cli }) => (cli.verb === '' ? [] : [cli.verb.split(' ')[0] ?? ''])))
    expect(offers('').filter((one) => first.has(one))).toEqual([...first].sort())
  })

  test_('the second word of a family, whether the first is a command or not', () => {
    expect(offers('contract', '')).toEqual(['check', 'list', 'publish', 'show'])
    expect(offers('token', 'r')).toEqual(['revoke'])
    expect(offers('feeds', 'i')).toEqual(['import'])
  })

  test_('options of the command and of every command, and no others', () => {
    expect(offers('contract', 'check', '--tr')).toEqual(['--trust'])
    expect(offers('contract', 'list', '--tr')).toEqual([])
    expect(offers('contract', 'list', '--js')).toEqual(['--json'])
    expect(offers('--js')).toEqual(['--json'])
    expect(offers('--config', 'x.yaml', 'serve', '--po')).toEqual(['--port'])
  })

  test_('choices of options and of plain words', () => {
    expect(offers('vex', '--format', 'o')).toEqual(['openvex'])
    expect(offers('completion', '')).toEqual(['bash', 'fish', 'zsh'])
    expect(offers('profile', 't')).toEqual(['team'])
  })

  test_('files where a file is named, and none where something else is', () => {
    expect(offers('contract', 'check', 'a-f')).toContain('a-file.json')
    expect(offers('vex', '--out', 'a-f')).toContain('a-file.json')
    expect(offers('serve', '--port', 'a-f')).toEqual([])
  })
})

test('every option of every command is in every script', () => {
  for (const { script } of Object.values(shells))
    for (const { verb, options } of commands)
      for (const { flag } of options)
        expect([verb, flag, script.includes(flag.replace(/^--/, ''))]).toEqual([verb, flag, true])
})
