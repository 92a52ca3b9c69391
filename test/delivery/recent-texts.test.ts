import { expect, it } from "vitest";
import { RecentTexts } from "../../src/delivery/recent-texts.ts";

const agent = (name: string, transport: "desktop" | "tmux") => ({ name, transport });
const [web, chat, pane] = [agent("Web", "desktop"), agent("Chat", "desktop"), agent("Pane", "tmux")];

it("pages know each other's texts, for they share one clipboard; panes know their own", () => {
  const texts = new RecentTexts();
  texts.add(web, "to web");
  texts.add(chat, "to chat");
  texts.add(pane, "to pane");
  expect(texts.of(chat)).toEqual(["to web", "to chat"]);
  expect(texts.of(pane)).toEqual(["to pane"]);
});

it("the newest are known, each once", () => {
  const texts = new RecentTexts();
  for (const n of Array.from({ length: 100 }, (_, i) => i)) texts.add(pane, `${n}`);
  texts.add(pane, "98");
  expect(texts.of(pane)).toHaveLength(30);
  expect(texts.of(pane).slice(-3)).toEqual(["97", "99", "98"]);
});
