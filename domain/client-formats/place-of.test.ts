import { expect, test } from 'vitest'
import { placeOf } from './place-of.ts'

test.each([
  ['cursor', '/fleet/homes/ada/.cursor/mcp.json', '/fleet/homes/ada'],
  ['cursor', '/srv/shop/.cursor/mcp.json', '/srv/shop'],
  ['claude-desktop', '/home/ada/.config/Claude/claude_desktop_config.json', '/home/ada'],
  ['claude-desktop', '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json', '/Users/ada'],
  ['claude-desktop', 'C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json', 'C:\\Users\\ada'],
  ['claude-code', '/srv/shop/.mcp.json', '/srv/shop'],
  ['claude-code', '/etc/claude-code/managed-mcp.json', null],
  ['windsurf', '/fleet/homes/ada/.cursor/mcp.json', null],
])('%s at %s lies in %s', (client, path, place) => {
  expect(placeOf(client, path)).toBe(place)
})
