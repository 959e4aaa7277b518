import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord } from './shell-word.ts'

test.each(['fs', '@acme/crm', 'a-b_c.d'])('a plain word stands as it is: %s', (word) => {
  expect(shellWord(word)).toBe(word)
})

test.each(['x; touch /tmp/p', '$(id)', '`id`', "it's", "'; id; '", 'a b', '', '*', '~', '-rf', 'a\\', '"', '#c', '!x'])(
  'a shell takes it as one word, and as that word: %j',
  (word) => {
    const shown = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)}`], { encoding: 'utf8' })
    expect(shown).toBe(`${word}|`)
  },
)

test('what no reader sees is shown, and ends no line', () => {
  expect(shellWord('a\nb\u202ec')).toBe("'a⟨U+000A⟩b⟨U+202E⟩c'")
})
