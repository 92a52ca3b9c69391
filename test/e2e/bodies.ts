import { readFileSync } from "node:fs";

/** Texts that get damaged on the way where somebody is careless. */
export const HARD_BODIES = {
  emoji: "a family 👩‍👩‍👧‍👦, a flag 🇺🇳, a skin 👍🏽 and é as two characters: e\u0301",
  chinese: "请把测试跑一遍，然后告诉我结果。",
  arabic: "شغّل الاختبارات ثم أخبرني بالنتيجة",
  tabs: "if x:\n\treturn\t1\n\n\t\tpass",
  lines: Array.from({ length: 60 }, (_, i) => `${i + 1}. step number ${i + 1}`).join("\n"),
  long: Array.from({ length: 790 }, (_, i) => `word ${String(i).padStart(4, "0")}`)
    .join(" ")
    .slice(0, 7900),
  slash: "/compact and then go on",
  dash: "- a list\n- of two",
  hash: "# Heading\n#!not a command",
  quotes: 'it\'s "quoted" $HOME `date` \\n %s !! & | ; < >',
} as const;

export const HARD_BODY_LIST: readonly string[] = Object.values(HARD_BODIES);

/** The body in an inbox file: all bytes after the line that ends the header. */
export function bodyOf(inboxFile: string): Buffer {
  const content = readFileSync(inboxFile);
  const mark = Buffer.from("\n---\n\n");
  const at = content.indexOf(mark);
  if (at < 0) throw new Error(`${inboxFile} has no header`);
  return content.subarray(at + mark.length);
}

/** A field of an inbox file's header, `**Name**: value`. */
export function fieldOf(inboxFile: string, name: string): string | undefined {
  const header = readFileSync(inboxFile, "utf8").split("\n---\n")[0] ?? "";
  return new RegExp(`^\\*\\*${name}\\*\\*:? *(.*)$`, "m").exec(header)?.[1]?.trim();
}
