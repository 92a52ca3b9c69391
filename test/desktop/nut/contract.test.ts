import { describeDesktop } from "../../contract/desktop.contract.ts";
import { simulatedWorld } from "./simulated-world.ts";

describeDesktop("macOS, simulated", async () => simulatedWorld("darwin"));
describeDesktop("Windows, simulated", async () => simulatedWorld("win32"));
