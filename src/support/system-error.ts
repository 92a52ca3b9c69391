/** True for what the operating system answered (ENOSPC, EACCES …), false for a bug of ours. */
export function isSystemError(cause: unknown): cause is NodeJS.ErrnoException & { readonly code: string } {
  return (
    cause instanceof Error &&
    "code" in cause &&
    typeof cause.code === "string" &&
    /^E[A-Z0-9]+$/.test(cause.code)
  );
}

/** True when that is the system's code for it. */
export function hasCode(cause: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(cause) && codes.includes(cause.code);
}
