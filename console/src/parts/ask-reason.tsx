import { Button, Modal, Stack, Text, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failed } from './failed'

/** A dialog that asks why before something is done. Its button names the act. */
export function AskReason({
  title,
  act,
  isOpen,
  isBusy,
  error,
  close,
  onReason,
  children,
}: {
  title: string
  act: string
  isOpen: boolean
  isBusy: boolean
  error: Error | null
  close: () => void
  onReason: (reason: string) => void
  children: ReactNode
}) {
  return (
    <Modal opened={isOpen} onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onReason(String(new FormData(event.currentTarget).get('reason')))
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{children}</Text>
          <Textarea
            data-autofocus
            name="reason"
            label="Why"
            required
            minLength={5}
            maxLength={2_000}
            autosize
            minRows={2}
          />
          {error !== null && <Failed error={error} />}
          <Button type="submit" loading={isBusy}>
            {act}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
