/** The table of `swarm selftest`, for people and for scripts. */
import type { Check, Deliveries, Part, Verdict } from "../selftest/check.ts";
import type { SelftestReport } from "../selftest/selftest.ts";
import { counted, type Paint, wrapped } from "./render.ts";

const VERDICTS: Readonly<Record<Verdict, string>> = {
  held: "held",
  did_not_hold: "DID NOT HOLD",
  not_tried: "not tried",
};
const TITLES: Readonly<Record<Part, string>> = {
  inbox: "Messages as files",
  terminal: "Terminal agents in tmux",
  window: "Agents in windows",
};
const INDENT = 14;
/** Longer lines are hard to read. */
const WIDEST = 120;

/** Lines of at most `columns` characters. */
export function selftestView(report: SelftestReport, columns: number, paint: Paint): string {
  const width = Math.min(columns, WIDEST);
  const parts = [...new Set(report.checks.map(({ promised }) => promised.part))];
  const blocks = parts.map((part) => {
    const checks = report.checks.filter(({ promised }) => promised.part === part);
    return `${paint.strong(TITLES[part])}\n${partLines(checks, width, paint)}`;
  });
  return `${blocks.join("\n")}\n${totals(report, width, paint)}`;
}

export function selftestJson({
  checks,
  deliveries,
  tookMs,
}: SelftestReport): Readonly<Record<string, unknown>> {
  return {
    ok: !checks.some(({ verdict }) => verdict === "did_not_hold"),
    took_ms: Math.round(tookMs),
    deliveries,
    checks: checks.map(({ promised, verdict, tried, times, saw, reasons }) => ({
      ...{ part: promised.part, name: promised.name, promised: promised.text },
      ...{ verdict, tried, times, saw, reasons },
    })),
  };
}

/** What keeps a whole part from being tried is told once. */
function partLines(checks: readonly Check[], width: number, paint: Paint): string {
  const [first] = checks;
  const isSameReason = checks.every(
    ({ verdict, reasons }) => verdict === "not_tried" && reasons.join() === first?.reasons.join(),
  );
  if (!first || !isSameReason) return checks.map((check) => checkLines(check, width, paint)).join("");
  const promises = checks.map((check) => headLine(check, width, paint)).join("");
  return `${promises}${indented(`could not be tried here: ${first.reasons.join("; ")}`, width)}`;
}

function checkLines(check: Check, width: number, paint: Paint): string {
  const { verdict, tried, times, saw, reasons } = check;
  const head = headLine(check, width, paint);
  if (verdict === "not_tried")
    return `${head}${indented(`could not be tried here: ${reasons.join("; ")}`, width)}`;
  const wrongs =
    verdict === "held" ? "" : reasons.map((reason) => paint.bad(indented(reason, width, "! "))).join("");
  const how = indented(`${times === 1 ? "once" : `${times} times`}: ${tried}`, width, "tried  ");
  return `${head}${paint.faint(`${how}${indented(saw, width, "saw    ")}`)}${wrongs}`;
}

function headLine({ verdict, promised }: Check, width: number, paint: Paint): string {
  const word = VERDICTS[verdict];
  const brush = { held: paint.good, did_not_hold: paint.bad, not_tried: paint.warn }[verdict];
  const text = wrapped(promised.text, width, word.padEnd(INDENT), " ".repeat(INDENT));
  return `${brush(text.slice(0, word.length))}${text.slice(word.length)}\n`;
}

function indented(text: string, width: number, first = ""): string {
  const margin = " ".repeat(INDENT);
  return `${wrapped(text, width, `${margin}${first}`, `${margin}${" ".repeat(first.length)}`)}\n`;
}

function totals({ checks, deliveries, tookMs }: SelftestReport, width: number, paint: Paint): string {
  const of = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const [held, broken, skipped] = [of("held"), of("did_not_hold"), of("not_tried")];
  const verdicts = `${held} of ${counted(held + broken, "promise")} held${skipped > 0 ? `, ${skipped} could not be tried here` : ""}, in ${Math.round(tookMs / 1000)} s`;
  const brush = broken > 0 ? paint.bad : paint.good;
  return `${wrapped(deliveriesText(deliveries), width, "", "")}\n${brush(verdicts)}\n`;
}

function deliveriesText({ total, delivered, refused, unconfirmed, ...wrong }: Deliveries): string {
  const unsure = unconfirmed > 0 ? `, ${unconfirmed} said to be unconfirmed` : "";
  const { lost, doubled, misrouted, altered } = wrong;
  return `${total} deliveries: ${delivered} delivered with proof, ${refused} refused with reason${unsure}; ${lost} lost, ${doubled} doubled, ${misrouted} misrouted, ${altered} altered`;
}
