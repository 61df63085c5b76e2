interface ImportMetaEnv {
  /** Of Clerk's application, for servers that are not in local mode. */
  readonly VITE_CLERK_PUBLISHABLE_KEY?: string
}
