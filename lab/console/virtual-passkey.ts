import type { Page } from 'playwright-core'

const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const

/** An authenticator of the browser itself, which answers when it is asked. `verifies` says whether it knows its person. */
export async function virtualPasskey(page: Page): Promise<{ verifies(is: boolean): Promise<void> }> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const options = { ...device, isUserVerified: true, automaticPresenceSimulation: true }
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options })
  return {
    verifies: async (isUserVerified) => {
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}

/** Gives somebody's browser an authenticator, and enrols it in the console as their first. */
export async function addPasskey(page: Page, origin: string): ReturnType<typeof virtualPasskey> {
  const passkey = await virtualPasskey(page)
  await page.goto(`${origin}/settings`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('Your first: it was believed').waitFor()
  return passkey
}
