import { ReflectionKind } from 'typedoc'
import { ModuleRouter } from 'typedoc-plugin-markdown'

/** One page for each entry, with the anchors that GitHub gives its headings: in their order, and with a number where one is repeated. */
export function load(app) {
  app.renderer.defineRouter('headings', HeadingRouter)
}

class HeadingRouter extends ModuleRouter {
  buildPages(project) {
    const pages = super.buildPages(project)
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const taken = new Map()
      for (const heading of headingsOf(module)) this.anchor(module, heading, taken)
    }
    return pages
  }

  anchor(page, reflection, taken) {
    const name = reflection.name.toLowerCase()
    const before = taken.get(name) ?? 0
    taken.set(name, before + 1)
    const anchor = before ? `${name}-${before}` : name
    this.anchors.set(reflection, anchor)
    this.fullUrls.set(reflection, `${this.fullUrls.get(page)}#${anchor}`)
  }
}

function headingsOf(module) {
  const exports = (module.categories ?? []).flatMap(({ children }) => children)
  return exports.flatMap(each => [each, ...(each.children ?? []).filter(({ kind }) => kind === ReflectionKind.Method)])
}
