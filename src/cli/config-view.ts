/** `config show` for people. */
import type { Explanation } from "../config/explain.ts";
import { type Paint, table } from "./render.ts";

export function configView(
  { root, file, settings, agents, groups, profiles }: Explanation,
  paint: Paint,
): string {
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? "" : `\n${paint.strong(title)}\n${table(rows, "  ")}`;
  const rootSource = root.source === "folder" ? "nearest above the current folder" : root.source;
  return [
    table([
      ["root", root.value, rootSource],
      ["file", file ?? "none"],
    ]),
    section(
      "settings",
      Object.entries(settings).map(([path, { value, source }]) => [path, JSON.stringify(value), source]),
    ),
    section(
      "agents",
      Object.entries(agents).map(([name, { value, source }]) => [name, source, detailsOf(value)]),
    ),
    section(
      "groups",
      Object.entries(groups).map(([name, members]) => [name, members.join(", ")]),
    ),
    section(
      "profiles",
      Object.entries(profiles).map(([name, keys]) => [name, detailsOf(keys)]),
    ),
  ].join("");
}

/** `desktop, window Agent-2 - Cursor, input 300 -70 bottom-left` */
function detailsOf({ transport, ...fields }: Readonly<Record<string, unknown>>): string {
  const details = Object.entries(fields).map(([name, value]) => `${name} ${plain(value)}`);
  return [...(transport === undefined ? [] : [String(transport)]), ...details].join(", ");
}

function plain(value: unknown): string {
  return typeof value === "object" && value !== null
    ? Object.values(value).map(plain).join(" ")
    : String(value);
}
