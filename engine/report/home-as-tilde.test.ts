import { expect, test } from 'vitest'
import { homeAsTilde, tilde } from './home-as-tilde.ts'
import { findingOf, modelOf } from './report.cases.ts'

test.each([
  ['/home/ada/.claude.json', '~/.claude.json'],
  ['in /home/ada/a.json, and /home/ada/b.json', 'in ~/a.json, and ~/b.json'],
  ['node /home/ada/x/index.js', 'node ~/x/index.js'],
  ['HOME is /home/ada', 'HOME is ~'],
  // Other folders that only look alike.
  ['/home/adam/.claude.json', '/home/adam/.claude.json'],
  ['/srv/home/ada/a.json', '/srv/home/ada/a.json'],
  ['/home/ada.old/a.json', '/home/ada.old/a.json'],
  ['/home/ada-2/a.json', '/home/ada-2/a.json'],
])('%s', (text, shown) => {
  expect(tilde(text, '/home/ada')).toBe(shown)
})

test('a home that is the root of everything is left as it is', () => {
  expect(tilde('/etc/a.json', '/')).toBe('/etc/a.json')
})

test('what is read has ~, evidence keeps whole paths, and without one home nothing changes', () => {
  const model = modelOf([
    findingOf({ fingerprint: 'a', to: '2.0.1', summary: 'readable by everyone: /home/ada/.claude.json' }),
  ])
  const shown = homeAsTilde({ ...model, home: '/home/ada' })
  expect(shown.items[0]?.summary).toBe('readable by everyone: ~/.claude.json')
  expect(shown.items[0]?.changes[0]?.path).toBe('~/.config/Claude/claude_desktop_config.json')
  expect(shown.items[0]?.findings).toEqual(model.items[0]?.findings)
  expect(shown.coverage.servers[0]?.path.startsWith('~/')).toBe(true)
  expect(homeAsTilde(model)).toEqual(model)
})
