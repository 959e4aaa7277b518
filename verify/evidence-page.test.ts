import { expect, test } from 'vitest'
import { pageAt, testExamples } from './testing/page-examples.ts'

const page = pageAt('docs/evidence.md')

testExamples(page, 8, ['jq', 'sha256sum', 'openssl', 'xxd', 'base64'])

test('every kind of problem that can be told is on the page', () => {
  const kinds = [
    ...[...pageAt('engine/evidence/problems.ts').matchAll(/^ {2}\| '([a-z-]+)'$/gm)],
    ...[...pageAt('verify/upkeep-verify.mjs').matchAll(/tell\('([a-z-]+)'/g)],
  ].map(([, kind = '']) => kind)
  expect(kinds.length).toBeGreaterThan(20)
  for (const kind of kinds) expect(page).toContain(`\`${kind}\``)
})
