/** Links between the pages that lead nowhere, or to something of another name. GitHub numbers headings that are the same. */
export function brokenLinks(pages) {
  const anchors = new Map([...pages].map(([name, text]) => [name, anchorsOf(text)]))
  const broken = []
  for (const [name, text] of pages) {
    for (const [, title, page, anchor] of text.matchAll(/\[([^\]]+)\]\((?!\.\.)([\w.]*)(?:#([\w-]+))?\)/g)) {
      const there = anchors.get(page || name)
      const heading = anchor === undefined ? '' : there?.get(anchor)
      const same = heading === '' || heading?.toLowerCase() === title.replaceAll('`', '').toLowerCase()
      if (!there || !same) broken.push(`${name}: ${title} (${page}#${anchor ?? ''})`)
    }
  }
  return broken
}

/** What each anchor of a page stands before: a heading, or ('') something in a table. */
function anchorsOf(text) {
  const anchors = new Map([...text.matchAll(/<a id="([\w-]+)">/g)].map(([, id]) => [id, '']))
  for (const [, heading] of text.matchAll(/^#+ (.+)$/gm)) {
    const plain = heading.replaceAll('\\', '')
    const slug = plain.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`
    anchors.set(anchor, plain.replace(/[()?]+$/, ''))
  }
  return anchors
}
