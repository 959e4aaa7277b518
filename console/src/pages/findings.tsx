import { Code, SegmentedControl, Stack, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '../api/client'
import { FindingRows } from '../parts/finding-rows'
import { InboxItem } from '../parts/inbox-item'
import { Answered, Empty } from '../parts/states'
import { Page } from '../shell/shell'

// What draws plots is loaded by whoever looks at one.
const Trends = lazy(async () => ({ default: (await import('./trends')).Trends }))

const views = [
  { value: 'open', label: 'One by one' },
  { value: 'queue', label: 'By change' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'all', label: 'With resolved' },
  { value: 'time', label: 'Over time' },
] as const

/** What is wrong, the worst first, or grouped by the change that closes it. The view stands in the address. */
export function Findings() {
  const [params, setParams] = useSearchParams()
  const view = params.get('view') ?? 'open'
  return (
    <Page title="Findings">
      <SegmentedControl
        data={[...views]}
        value={view}
        onChange={(value) => setParams(value === 'open' ? {} : { view: value })}
        aria-label="Which findings"
        mb="md"
        className="no-print"
      />
      {view === 'time' ? (
        <Suspense fallback={<div aria-busy="true" />}>
          <Trends />
        </Suspense>
      ) : view === 'queue' ? (
        <Queue />
      ) : (
        <FindingRows
          input={{ ...(view === 'accepted' && { accepted: true }), ...(view === 'all' && { resolved: true }) }}
          empty={
            <>
              Nothing that was looked at is wrong. What was looked at stands under Today; look again with{' '}
              <Code>upkeep scan</Code>
            </>
          }
        />
      )}
    </Page>
  )
}

/** One card for each change that would close something, the soonest due first, with why it is due then. */
function Queue() {
  const status = useRead('status', { brief: true })
  return (
    <Answered query={status} lines={10}>
      {({ report: { items, totals, lengths } }) =>
        items.length === 0 ? (
          <Empty>Nothing waits for a change.</Empty>
        ) : (
          <Stack gap="sm">
            <Text size="sm" role="status">
              {lengths.items.toLocaleString('en-GB')} {lengths.items === 1 ? 'change closes' : 'changes close'}{' '}
              {totals.findings.toLocaleString('en-GB')} {totals.findings === 1 ? 'finding' : 'findings'}
            </Text>
            {items.map((item) => (
              <InboxItem key={item.findings[0]?.statement.fingerprint ?? item.title} item={item} why />
            ))}
            {lengths.items > items.length && (
              <Text size="sm">
                And {(lengths.items - items.length).toLocaleString('en-GB')} more: one by one, with a search, they are
                all there.
              </Text>
            )}
          </Stack>
        )
      }
    </Answered>
  )
}
