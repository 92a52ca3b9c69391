import { describeDesktop } from "../../contract/desktop.contract.ts";
import { nutWorld } from "./nut-world.ts";

describeDesktop("nut-js and clipboardy with Chromium windows", () => nutWorld("lexical"));
