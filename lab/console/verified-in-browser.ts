import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { repository } from '../e2e/installation.ts'

/** The stand-alone verifier as a page, as it lies in the source. */
export const verifierPage = pathToFileURL(join(repository, 'verify', 'upkeep-verify.html')).href

/** A file as a person chooses it: a path, or a name with its bytes. */
export type ChosenFile = string | { name: string; mimeType: string; buffer: Buffer }

/** Opens the verifier's page, has it check a pack, and reads the verdict and what is said beside it. */
export async function verifiedInBrowser(
  page: Page,
  pack: ChosenFile,
  { checkpoints, key = '' }: { checkpoints?: string | undefined; key?: string | undefined } = {},
): Promise<{ verdict: string | null; said: string }> {
  await page.goto(verifierPage)
  await page.getByLabel('The pack').setInputFiles(pack)
  await page.getByLabel('Checkpoints that were kept elsewhere').setInputFiles(checkpoints ?? [])
  await page.getByLabel('A public key of the ledger').fill(key)
  await page.getByRole('button', { name: 'Check it' }).click()
  await page.getByRole('status').waitFor()
  const verdict = await page.getByRole('heading', { level: 2 }).textContent()
  return { verdict, said: (await page.locator('pre').textContent()) ?? '' }
}
