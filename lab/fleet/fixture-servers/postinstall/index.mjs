// What is wrong with it is in its package.json: a script that runs when it is installed.
import { serve, strings } from './stdio-server.mjs'

serve({
  name: 'postinstall',
  version: '1.0.0',
  tools: () => [
    { name: 'greet', description: 'Greets.', inputSchema: strings('name'), run: ({ name }) => `Hello, ${name}.` },
  ],
})
