import { serverSubject } from '@upkeep/contract'
import { expect, test } from 'vitest'
import { advisedEcosystems } from './advised-ecosystems.ts'

const on = (ecosystem: string, server: string) => ({
  ecosystem,
  sights: [
    {
      server: serverSubject('cursor', '/mcp.json', server),
      firstSeenAt: '2026-01-01T00:00:00.000Z',
      lastSeenAt: null,
      credentials: [],
    },
  ],
})

test('a distribution counts by its release, and by its packaging only where no release is known', () => {
  const debian = [on('deb', 'a'), on('Debian:12', 'a'), on('npm', 'a')]
  expect(advisedEcosystems(debian)).toEqual(['Debian:12', 'npm'])
  expect(advisedEcosystems([...debian, on('deb', 'b')])).toEqual(['Debian:12', 'deb', 'npm'])
  expect(advisedEcosystems([...debian, on('apk', 'a')])).toEqual(['Debian:12', 'apk', 'npm'])
})
