/** True for what the operating system answered (ENOSPC, EACCES …), false for a bug of ours. */
export function isSystemError(cause: unknown): cause is NodeJS.ErrnoException & { readonly code: string } {
  return (
    cause instanceof Error &&
    "code" in cause &&
    typeof cause.code === "string" &&
    /^E[A-Z0-9]+$/.test(cause.code)
  );
}

/** True when it says nothing about the file that was asked for: too many open files, out of memory, interrupted. */
export function isPassing(cause: unknown): boolean {
  return hasCode(cause, "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EINTR");
}

/** True when that is the system's code for it. */
export function hasCode(cause: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(cause) && codes.includes(cause.code);
}
