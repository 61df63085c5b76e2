import { readFileSync } from 'node:fs'
import { MarkdownPageEvent } from 'typedoc-plugin-markdown'
import { ReflectionKind } from 'typedoc'

const protocol = '../../../transport/PROTOCOL.md'

/** Begins each page with what is on it, and makes links of "section 6" and the like. */
export function load(app) {
  app.renderer.markdownHooks.on('content.begin', context => {
    const { model } = context.page
    if (model.kind !== ReflectionKind.Module) return ''
    const link = each => `[\`${each.name}\`](${context.urlTo(each)})`
    const back = '[README](../../README.md) · [all entries](README.md)'
    const sections = (model.categories ?? []).map(({ title, children }) => `- [${title}](#${anchorOf(title)}): ${children.map(link).join(', ')}`)
    return `${back}\n\n${sections.join('\n')}`
  })
  const sections = sectionsOf(readFileSync(new URL(protocol, new URL('api/', import.meta.url)), 'utf8'))
  app.renderer.on(MarkdownPageEvent.END, page => {
    page.contents = page.contents?.replace(/\bsection\s(\d+(?:\.\d+)?)/gi, (said, number) => {
      const anchor = sections.get(number)
      if (anchor === undefined) app.logger.error(`there is no section ${number} in the protocol`)
      return `[${said}](${protocol}#${anchor})`
    }).replace(/(?<![\w/])transport\/PROTOCOL\.md/g, said => `[${said}](${protocol})`)
  })
}

/** The anchors of the protocol's sections, by their numbers. */
function sectionsOf(text) {
  const headings = [...text.matchAll(/^#+ ((\d+(?:\.\d+)?)\.? .*)$/gm)]
  return new Map(headings.map(([, heading, number]) => [number, anchorOf(heading)]))
}

/** As GitHub makes them. */
function anchorOf(heading) {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')
}
