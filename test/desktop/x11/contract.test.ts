import { describeDesktop } from "../../contract/desktop.contract.ts";
import { chromiumWorld } from "./chromium-world.ts";

describeDesktop("an X display with Chromium windows", () => chromiumWorld("textarea"));
