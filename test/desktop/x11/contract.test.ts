import { describeDesktop } from "../../contract/desktop.contract.ts";
import { chromiumStage, chromiumWorld, x11Desktop } from "./chromium-world.ts";

describeDesktop("an X display with Chromium windows", async () => {
  const stage = await chromiumStage("textarea");
  return chromiumWorld(stage, "textarea", () => x11Desktop(stage));
});
