import { Converter, ReflectionKind } from 'typedoc'

/** Types as the source has them. The theme shows that where what the compiler makes of a type is too long to be read. */
export const written = new WeakMap()

/** Remembers how types are written, and names the parameters that the source takes apart. */
export function load(app) {
  const nodes = new Map()
  const remember = (context, reflection, declaration = context.getSymbolFromReflection(reflection)?.declarations?.[0]) => {
    if (reflection.kind === ReflectionKind.TypeAlias) return
    const node = declaration?.type ?? declaration?.constraint
    if (node) nodes.set(reflection, node.getText().replace(/\s+/g, ' '))
  }
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, remember)
  app.converter.on(Converter.EVENT_CREATE_PARAMETER, remember)
  app.converter.on(Converter.EVENT_CREATE_TYPE_PARAMETER, remember)
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const [reflection, text] of nodes) if (reflection.type) written.set(reflection.type, text)
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      const { name, parent: { kind, name: of } } = parameter
      if (name === '__namedParameters') parameter.name = kind === ReflectionKind.CallSignature && /^[A-Z]/.test(of) ? 'props' : 'options'
    }
  })
}
