import { Converter, ReflectionKind } from 'typedoc'

/** Says what has no docstring: every export, and every member of one, needs one. Of unions it is the alternatives that are described. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      for (const each of module.children ?? []) {
        for (const part of [each, ...(each.children ?? [])]) if (!documented(part)) app.logger.error(`${part.getFullName()} has no docstring`)
      }
    }
  }, -900)
}

function documented(reflection) {
  return reflection.hasComment() || (reflection.signatures ?? []).some(each => each.hasComment()) || reflection.kind === ReflectionKind.Constructor
}
