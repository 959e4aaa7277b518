import { Button, Group, SegmentedControl, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../api/client'
import { Outside } from '../parts/outside-text'
import { saveFile } from '../parts/save-file'
import { Answered, Empty } from '../parts/states'

const formats = [
  { value: 'md', label: 'Markdown', type: 'text/markdown' },
  { value: 'html', label: 'HTML', type: 'text/html' },
  { value: 'json', label: 'JSON', type: 'application/json' },
] as const
type Format = (typeof formats)[number]['value']

/** The document of a change, for people who were not there: to read, and to take along as a file. */
export function ChangeDocument({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false)
  const [format, setFormat] = useState<Format>('md')
  const found = useRead('changes', { change: id, document: true, format }, { enabled: isOpen })
  return (
    <section aria-labelledby="document" className="no-print">
      <Title order={2} size="h3" id="document" mb="sm">
        Its document
      </Title>
      {!isOpen ? (
        <Button variant="default" onClick={() => setOpen(true)}>
          Show the document
        </Button>
      ) : (
        <Stack gap="sm">
          <Group gap="sm">
            <SegmentedControl
              data={formats.map(({ value, label }) => ({ value, label }))}
              value={format}
              onChange={(value) => setFormat(formats.find((one) => one.value === value)?.value ?? 'md')}
              aria-label="Form of the document"
            />
          </Group>
          <Answered query={found}>
            {({ text }) =>
              text === null ? (
                <Empty>There is no document of this change.</Empty>
              ) : (
                <>
                  <Group>
                    <Button
                      variant="default"
                      onClick={() => saveFile(text, `change-${id.slice(0, 13)}.${format}`, typeOf(format))}
                    >
                      Save as a file
                    </Button>
                  </Group>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
                  <section className="scrolled" aria-label="The document" tabIndex={0}>
                    <Outside longest={200_000}>{text}</Outside>
                  </section>
                </>
              )
            }
          </Answered>
        </Stack>
      )}
    </section>
  )
}

function typeOf(format: Format): string {
  return formats.find(({ value }) => value === format)?.type ?? 'text/plain'
}
