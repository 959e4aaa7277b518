// A toy ledger in a file: PAY_LEDGER. No money, no network.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { serve, strings } from './stdio-server.mjs'

const ledger = process.env.PAY_LEDGER ?? ''
const entries = () =>
  existsSync(ledger)
    ? readFileSync(ledger, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : []

serve({
  name: 'pay',
  version: '1.0.0',
  tools: () => [
    {
      name: 'charge',
      description: 'Charges a customer. The amount is in minor units of the currency.',
      inputSchema: strings('customer', 'amountMinor', 'currency'),
      annotations: { destructiveHint: true, idempotentHint: false },
      run: ({ customer, amountMinor, currency }) => {
        if (!/^[1-9]\d{0,11}$/.test(amountMinor)) throw new Error('amountMinor is not a positive whole number')
        appendFileSync(ledger, `${JSON.stringify({ customer, amountMinor: Number(amountMinor), currency })}\n`)
        return `charged, entry ${entries().length}`
      },
    },
    {
      name: 'balance',
      description: 'Lists all charges.',
      inputSchema: strings(),
      run: () => JSON.stringify(entries()),
    },
  ],
})
