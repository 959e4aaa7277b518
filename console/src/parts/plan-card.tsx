import { List, Stack, Text, Title } from '@mantine/core'
import type { Row } from '../api/client'
import { Difference } from './difference'
import { Inline } from './outside-text'

/** What a change would write, file by file, in words and as the lines that differ. */
export function PlanCard({ plan }: { plan: Row<'changes'>['plan'] }) {
  return (
    <Stack gap="sm">
      <List size="md" spacing={4} className="prose">
        {plan.summary.map((line) => (
          <List.Item key={line}>
            <Inline>{line}</Inline>
          </List.Item>
        ))}
      </List>
      {plan.effects.map((effect) => (
        <div key={effect.path}>
          <Text size="sm" fw={600}>
            <Inline>{effect.path}</Inline>
          </Text>
          <Difference lines={effect.shown} />
        </div>
      ))}
      <Notes title="To mind" lines={plan.limits} />
      <Notes title="What cannot be taken back" lines={plan.irreversible} />
    </Stack>
  )
}

function Notes({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      <Title order={3} size="h5">
        {title}
      </Title>
      <List size="sm" className="prose">
        {lines.map((line) => (
          <List.Item key={line}>
            <Inline>{line}</Inline>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
