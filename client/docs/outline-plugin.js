import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'
import { outline } from './outline.js'

/** Puts every export where the outline has it, and says so where it has it nowhere. Leaves out what is documented elsewhere. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) place(app, module)
  })
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const each of project.getReflectionsByKind(ReflectionKind.Property | ReflectionKind.Method | ReflectionKind.Constructor)) {
      const repeated = each.inheritedFrom ?? each.implementationOf ?? (each.parent.kind === ReflectionKind.Class && each.overwrites)
      const plain = each.kind === ReflectionKind.Constructor && !each.signatures?.some(({ parameters }) => parameters?.length)
      if (repeated || plain) project.removeReflection(each)
    }
  }, 500) // before groups are made
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const order = Object.values(outline[module.name] ?? {}).flat()
      const byName = (a, b) => order.indexOf(a.name) - order.indexOf(b.name)
      module.children?.sort(byName)
      module.categories?.sort((a, b) => byName(a.children[0], b.children[0]))
      for (const category of module.categories ?? []) category.children.sort(byName)
    }
  }, -1000)
}

function place(app, module) {
  const sections = Object.entries(outline[module.name] ?? {})
  const missing = new Set(sections.flatMap(([, names]) => names))
  for (const child of module.children ?? []) {
    missing.delete(child.name)
    const [section] = sections.find(([, names]) => names.includes(child.name)) ?? []
    if (section === undefined) {
      app.logger.error(`${module.name} exports ${child.name}, which docs/outline.js does not have`)
      continue
    }
    const comment = (child.comment ??= new Comment())
    comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: section }]))
  }
  for (const name of missing) app.logger.error(`docs/outline.js has ${name}, which ${module.name} does not export`)
}
