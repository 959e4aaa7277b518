import { describe, expect, test } from 'vitest'
import { progressLine } from './progress.ts'
import { styleOf } from './screen.ts'

const asked = { color: true, ascii: false, verbose: false }
const terminal = { isTTY: true, columns: 100 }

describe('what the terminal can show', () => {
  test.each([
    ['a terminal', terminal, {}, asked, true],
    ['a pipe', {}, {}, asked, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, asked, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, asked, true],
    ['--no-color', terminal, {}, { ...asked, color: false }, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, asked, false],
  ])('colour on %s', (_, screen, env, options, expected) => {
    expect(styleOf(screen, env, options).colour).toBe(expected)
  })

  test('width from the terminal, else from COLUMNS, else eighty', () => {
    expect(styleOf(terminal, { COLUMNS: '60' }, asked).width).toBe(100)
    expect(styleOf({ isTTY: true, columns: 0 }, {}, asked).width).toBe(80)
    expect(styleOf({}, { COLUMNS: '60' }, asked).width).toBe(60)
    expect(styleOf({}, { COLUMNS: 'many' }, asked).width).toBe(80)
  })

  test('ASCII where the locale says so, or the user', () => {
    expect(styleOf({}, { LANG: 'C' }, asked).ascii).toBe(true)
    expect(styleOf({}, { LC_ALL: 'en_GB.UTF-8', LANG: 'C' }, asked).ascii).toBe(false)
    expect(styleOf({}, {}, asked).ascii).toBe(false)
    expect(styleOf({}, {}, { ...asked, ascii: true }).ascii).toBe(true)
  })
})

describe('progress', () => {
  function screenOf(isTTY: boolean) {
    const written: string[] = []
    return { written, isTTY, columns: 40, write: (text: string) => written.push(text) }
  }

  test('one line that is replaced and taken away, with nothing hidden in it', () => {
    const screen = screenOf(true)
    const line = progressLine(screen, false)
    line.say('looking at x\u001b[31m')
    line.say('judging')
    line.clear()
    line.clear()
    expect(screen.written).toEqual(['\r\u001b[2Klooking at x⟨U+001B⟩[31m', '\r\u001b[2Kjudging', '\r\u001b[2K'])
  })

  test('says nothing in a pipe', () => {
    const screen = screenOf(false)
    const line = progressLine(screen, false)
    line.say('judging')
    line.clear()
    expect(screen.written).toEqual([])
  })
})
