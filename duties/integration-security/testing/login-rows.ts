import { login } from './given.ts'
import { base } from './observed-rows.ts'

const ends = (rule: 'login-ends' | 'login-refresh-failed', more: object) => ({
  verdict: 'fail' as const,
  findings: [{ rule, ...more }],
})
const failed = { at: '2026-11-21T09:00:00.000Z', outcome: 'failed' as const, reason: 'it was refused (invalid_grant)' }

/** How the login of a person stands, judged on 2026-11-22 with the usual seven days. */
export const loginRows = [
  {
    name: 'a login that holds for a month',
    given: { ...base, login: login() },
    expect: {
      verdict: 'pass' as const,
      passes: ['the login to it from https://login.example.com holds until 2026-12-22'],
    },
  },
  {
    name: 'eight days before its end it is no finding yet',
    given: { ...base, login: login({ expiresAt: '2026-11-30T09:00:00.000Z' }) },
    expect: { verdict: 'pass' as const },
  },
  {
    name: 'six days before its end it is one',
    given: { ...base, login: login({ expiresAt: '2026-11-28T09:00:00.000Z' }) },
    expect: ends('login-ends', { severity: 'low', summary: 'ends on 2026-11-28, in 6 days' }),
  },
  {
    name: 'a login that ended',
    given: { ...base, login: login({ expiresAt: '2026-11-21T09:00:00.000Z' }) },
    expect: ends('login-ends', { summary: 'ended on 2026-11-21', action: 'upkeep login' }),
  },
  {
    name: 'one that refreshes itself may end every hour',
    given: { ...base, login: login({ expiresAt: '2026-11-22T09:30:00.000Z', refreshable: true }) },
    expect: { verdict: 'pass' as const, passes: ['the login to it from https://login.example.com refreshes itself'] },
  },
  {
    name: 'a refresh that failed, and nothing besides',
    given: { ...base, login: login({ expiresAt: '2026-11-21T08:00:00.000Z', refreshable: true, lastRefresh: failed }) },
    expect: ends('login-refresh-failed', {
      summary: 'could not be refreshed on 2026-11-21: it was refused (invalid_grant)',
    }),
  },
  {
    name: 'a login that cannot be read back is unknown, not green',
    given: { ...base, login: login({ unreadable: 'the keyring does not give it back' }) },
    expect: {
      verdict: 'unknown' as const,
      unknowns: ['whether its login still opens it: the keyring does not give it back'],
    },
  },
]
