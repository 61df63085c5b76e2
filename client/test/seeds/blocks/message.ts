// Seed 001, "Message Format": a fragment. Added: the name of the type.
export type Message =
{
  type: "initial" | "create" | "update" | "revert",
  data: {
    id: string,
    version: number,
    title: string | null,
    blob: unknown,
    createdAt: number,
    updatedAt: number,
    collaborators: string[]
  }
}
