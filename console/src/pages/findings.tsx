import { Code, SegmentedControl } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { FindingRows } from '../parts/finding-rows'
import { Page } from '../shell/shell'

const views = [
  { value: 'open', label: 'Open' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'all', label: 'With resolved' },
] as const

/** What is wrong, the worst first. The view stands in the address. */
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
      <FindingRows
        input={{ ...(view === 'accepted' && { accepted: true }), ...(view === 'all' && { resolved: true }) }}
        empty={
          <>
            Nothing that was looked at is wrong. What was looked at stands under Today; look again with{' '}
            <Code>upkeep scan</Code>
          </>
        }
      />
    </Page>
  )
}
