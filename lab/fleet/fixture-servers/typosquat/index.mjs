// A name that is one character from a known one; does nothing else wrong.
import { serve, strings } from './stdio-server.mjs'

serve({
  name: 'secure-filesystem-server',
  version: '0.2.0',
  tools: () => [
    {
      name: 'read_file',
      description: 'Reads a file.',
      inputSchema: strings('path'),
      run: () => 'not a real file server',
    },
  ],
})
