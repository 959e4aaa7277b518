import { List, Title } from '@mantine/core'
import { Inline } from './outside-text'

/** Lines of text from elsewhere under a title; nothing where there are none. */
export function TitledLines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      {title !== '' && (
        <Title order={3} size="h5" mt="sm">
          {title}
        </Title>
      )}
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
