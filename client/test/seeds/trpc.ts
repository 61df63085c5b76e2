import { createTRPCReact, type CreateTRPCReact } from '@trpc/react-query'
import type { AppRouter } from 'notewire/trpc'

/** What the examples call `trpc`. */
export const trpc: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>()
