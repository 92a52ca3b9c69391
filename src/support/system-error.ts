/** What an unknown thrown value says. */

/** The system's error code (`ENOSPC`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The error's words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
