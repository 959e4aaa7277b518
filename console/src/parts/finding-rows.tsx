import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Reads } from '../../generated/api'
import { LongList } from './long-list'
import { Inline } from './outside-text'
import { Severity, StatusMark } from './status'
import { Time } from './time'

/** Findings as rows, the worst first. */
export function FindingRows({ input, empty }: { input: Reads['findings']['input']; empty: ReactNode }) {
  return (
    <LongList
      name="findings"
      of="findings"
      input={input}
      label="findings"
      columns={[
        { title: 'Finding', width: 'minmax(16rem, 3fr)' },
        { title: 'Of', width: 'minmax(7rem, 1fr)' },
        { title: 'Severity', width: '8rem' },
        { title: 'Due', width: '7rem' },
      ]}
      empty={empty}
      row={({ finding, acceptedUntil }) => {
        const { statement } = finding
        const due = statement.due?.at ?? null
        return {
          key: statement.fingerprint,
          href: `/findings/${statement.fingerprint}`,
          cells: [
            <Inline key="summary">{statement.summary}</Inline>,
            <Inline key="subject">{statement.subject.name}</Inline>,
            acceptedUntil === null ? (
              finding.state === 'resolved' ? (
                <Text key="resolved" size="sm">
                  resolved
                </Text>
              ) : (
                <Severity key="severity" severity={statement.severity} />
              )
            ) : (
              <StatusMark key="accepted" status="accepted" word={`accepted until ${acceptedUntil.slice(0, 10)}`} />
            ),
            due === null ? '' : <Time key="due" at={due} />,
          ],
        }
      }}
    />
  )
}
