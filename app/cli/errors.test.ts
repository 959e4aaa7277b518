import { UpstreamError, UserError } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { tellError } from '../told-error.ts'
import { errorText, exitCodeOf, ownFrames } from './errors.ts'
import { startExitCode } from './exit-codes.ts'

const canary = 'sk-live-CANARY-7f3a'

function thrown(): unknown {
  try {
    return JSON.parse(`{"token": ${canary}}`)
  } catch (error) {
    return error
  }
}

describe('errors as they are told', () => {
  test('a defect names its class and nothing that was read', () => {
    const error = thrown()
    const told = tellError(error, false)
    const text = errorText(told, { json: false, ascii: false }) + errorText(told, { json: true, ascii: false })
    expect(exitCodeOf(told)).toBe(70)
    expect(text).toContain('SyntaxError')
    expect(text).not.toContain('CANARY')
  })

  test('frames are of our own files, by path in the installation, without the message', () => {
    const error = thrown()
    const frames = ownFrames(error, `${import.meta.dirname}`)
    expect(frames.length).toBeGreaterThan(0)
    expect(frames.join('\n')).toMatch(/at thrown errors\.test\.ts:\d+:\d+/)
    expect(frames.join('\n')).not.toMatch(/CANARY|node_modules|\/home|\/work/)
  })

  test('a message with line breaks cannot pose as a frame', () => {
    const error = new Error(
      `x\n    at ${canary} (${import.meta.dirname}/../../node_modules/x.ts:1:1)\n    at spoof (/etc/passwd:1:1)`,
    )
    expect(ownFrames(error, import.meta.dirname).join('\n')).not.toMatch(/CANARY|passwd/)
  })

  test('what the user can put right says what failed, what it means, what to do', () => {
    const told = tellError(new UserError('not-found', 'No such \u001b[31mserver.', 'List them.'), false)
    expect(exitCodeOf(told)).toBe(2)
    const text = errorText(told, { json: false, ascii: false })
    expect(text).toBe('No such ⟨U+001B⟩[31mserver.\nNothing was recorded; earlier verdicts stand.\nList them.\n')
    expect(JSON.parse(errorText(told, { json: true, ascii: false }))).toMatchObject({ error: { code: 'not-found' } })
  })

  test('something outside that failed could not be judged; a stop says what was kept', () => {
    expect(exitCodeOf(tellError(new UpstreamError('the registry', canary), false))).toBe(3)
    expect(
      errorText(tellError(new UpstreamError('the registry', canary), false), { json: false, ascii: false }),
    ).not.toContain('CANARY')
    expect(exitCodeOf(tellError(new Error('AbortError'), true))).toBe(130)
  })

  test.each([
    [0, 0],
    [1, 0],
    [3, 0],
    [2, 2],
    [70, 70],
  ])('npm start turns %i into %i', (code, expected) => {
    expect(startExitCode(code, [])).toBe(expected)
  })

  test('npm start with words of its own hands their code on', () => {
    expect(startExitCode(1, ['scan', '--fail-on', 'high'])).toBe(1)
    expect(startExitCode(3, ['status'])).toBe(3)
  })
})
