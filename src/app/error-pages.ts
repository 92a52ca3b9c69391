/** The parts of `docs/errors.md`, one for each error code. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The text below the code's heading, or null where there is none. Throws the system's error when the page is not there. */
export function errorPage(code: string): string | null {
  const part = parts().find((text) => codeOf(text) === code);
  const [text = ""] = part?.slice(code.length).split(/^## /m) ?? [];
  return part === undefined ? null : text.trim();
}

/** All that the page explains. */
export function errorCodes(): readonly string[] {
  return parts().map(codeOf);
}

function parts(): readonly string[] {
  return readFileSync(pagePath(), "utf8").split(/^### /m).slice(1);
}

function codeOf(part: string): string {
  return part.split("\n", 1)[0] ?? "";
}

/** Beside the built command's folder, or of the sources when these run themselves (tests). */
function pagePath(): string {
  const packaged = join(__dirname, "..", "docs", "errors.md");
  return existsSync(packaged) ? packaged : join(__dirname, "..", "..", "docs", "errors.md");
}
