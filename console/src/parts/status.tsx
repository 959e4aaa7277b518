import { Group, Text } from '@mantine/core'
import { Inline } from './outside-text'

export type Status = 'fail' | 'unknown' | 'pass' | 'accepted' | 'not-applicable'

const signs: Readonly<Record<Status, readonly [sign: string, word: string, colour: string]>> = {
  fail: ['▲', 'fail', 'var(--status-fail)'],
  unknown: ['◌', 'unknown', 'var(--status-unknown)'],
  pass: ['●', 'pass', 'var(--status-pass)'],
  accepted: ['◐', 'accepted', 'var(--status-accepted)'],
  'not-applicable': ['–', 'not applicable', 'inherit'],
}

/** A status as colour, shape and word: no one of the three alone says it. */
export function StatusMark({ status, word }: { status: Status; word?: string }) {
  const [sign, own, colour] = signs[status]
  return (
    <Group gap={6} wrap="nowrap" component="span" style={{ display: 'inline-flex', overflowWrap: 'break-word' }}>
      <span aria-hidden="true" style={{ color: colour }}>
        {sign}
      </span>
      <Text component="span" size="sm" fw={600} style={{ color: colour }}>
        <Inline>{word ?? own}</Inline>
      </Text>
    </Group>
  )
}

/** A severity as a mark: everything that is wrong is a triangle, and the word says how wrong. */
export function Severity({ severity }: { severity: string }) {
  return <StatusMark status="fail" word={severity} />
}
