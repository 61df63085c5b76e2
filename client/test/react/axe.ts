import axe from 'axe-core'
import { expect } from 'vitest'

/** Looks for faults of accessibility. Colors are the style sheet's, which this document does not lay out. */
export async function accessible(element: Element): Promise<void> {
  const { violations } = await axe.run(element, { rules: { 'color-contrast': { enabled: false } } })
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)).toEqual([])
}
