/** The name and version under which this product makes itself known: to servers it connects to, in reports and exports. */
export const product = { name: 'mcp-upkeep', version: '0.1.0' } as const
