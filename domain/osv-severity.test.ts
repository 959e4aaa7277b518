import { expect, test } from 'vitest'
import { cvss3BaseScore, osvSeverity } from './osv-severity.ts'

// Scores as the vulnerability's own publisher or the CVSS examples give them.
test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H', 9.6],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H', 7.5],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
  ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
  ['CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L', 4.2],
  ['CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N', 1.7],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H', null],
  ['CVSS:3.1/AV:N/AC:L/PR:constructor/UI:N/S:U/C:H/I:H/A:H', null],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', null],
  ['AV:N/AC:L/Au:N/C:P/I:P/A:P', null],
])('%s scores %s', (vector, score) => {
  expect(cvss3BaseScore(vector)).toBe(score)
})

test.each([
  ['MODERATE', [], 'medium'],
  ['CRITICAL', ['CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N'], 'critical'],
  [undefined, ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H'], 'critical'],
  [undefined, ['CVSS:4.0/AV:N', 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H'], 'high'],
  [undefined, ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H'], 'unknown'],
  ['very bad', [], 'unknown'],
  ['__proto__', [], 'unknown'],
  [7, [], 'unknown'],
] as const)('a record saying %s with %j is %s', (word, vectors, severity) => {
  expect(osvSeverity(word, vectors)).toBe(severity)
})
