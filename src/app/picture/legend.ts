/** What is said below a picture: how many are where they should be, what is wrong with the others, and what can't be seen. */
import type { Point } from "../../domain/agent.ts";
import type { DesktopLook, WindowLook } from "../look-at-windows.ts";
import type { Letters } from "./canvas.ts";

export interface LegendItem {
  /** In which colour it is marked on the picture. */
  readonly kind: "title" | "stale" | "unseen" | "fresh";
  readonly text: string;
}

export interface LegendLine extends LegendItem {
  /** Where its letters begin, from the top left of the legend. */
  readonly at: Point;
  readonly lines: readonly string[];
}

const LONGEST_TITLE = 40;

export function legendItems({ looks }: DesktopLook, at: number): readonly LegendItem[] {
  const stale = looks.filter(({ staleness }) => staleness !== null);
  const fresh = looks.filter(({ staleness }) => staleness === null);
  const unseen = looks.filter(
    ({ point, obstacle, isSeen }) => point !== null && obstacle === null && !isSeen,
  );
  const counts = `${fresh.length} fresh${stale.length === 0 ? "" : `, ${stale.length} stale`}`;
  return [
    { kind: "title", text: `Agents in windows: ${counts}. ${localTime(at)}` },
    ...stale.map(({ agent, staleness }) => ({
      kind: "stale" as const,
      text: `${agent.name}: ${staleness?.message}. To do: ${staleness?.hint}`,
    })),
    ...behind(unseen),
    ...list(
      "fresh",
      "Fresh",
      fresh.map(({ agent }) => agent.name),
    ),
  ];
}

function list(
  kind: LegendItem["kind"],
  what: string,
  names: readonly string[],
  between = ", ",
): readonly LegendItem[] {
  return names.length === 0 ? [] : [{ kind, text: `${what}: ${names.join(between)}` }];
}

/** Where one window lies over many, they are named together. */
function behind(unseen: readonly WindowLook[]): readonly LegendItem[] {
  const groups = new Map<string, readonly string[]>();
  for (const look of unseen) {
    const where = whereBehind(look);
    groups.set(where, [...(groups.get(where) ?? []), look.agent.name]);
  }
  const text = [...groups].map(([where, names]) => `${names.join(", ")} ${where}`);
  return list("unseen", "Not to be seen now, and raised for a message", text, "; ");
}

function whereBehind({ window, cover }: WindowLook): string {
  if (window?.isMinimised) return "(minimised)";
  return cover ? `(behind "${shortened(cover.title)}")` : "(on another workspace)";
}

function shortened(title: string): string {
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 3)}...`;
}

function localTime(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace("T", " ");
}

/** Broken into lines for a picture that is so wide. */
export function legendLines(
  items: readonly LegendItem[],
  width: number,
  { lineHeight, textWidth }: Letters,
): { readonly items: readonly LegendLine[]; readonly height: number } {
  const margin = Math.round(lineHeight * 0.7);
  const indent = margin + lineHeight;
  let y = margin;
  const placed = items.map((item): LegendLine => {
    const x = item.kind === "title" ? margin : indent;
    const lines = broken(item.text, width - x - margin, textWidth);
    const at = { x, y };
    y += lines.length * lineHeight + Math.round(lineHeight * 0.35);
    return { ...item, at, lines };
  });
  return { items: placed, height: y + Math.round(margin * 0.6) };
}

function broken(text: string, width: number, textWidth: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
