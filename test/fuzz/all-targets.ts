import type { Target } from "./fuzz.ts";
import { commandLines } from "./targets/arguments.ts";
import { configuration } from "./targets/configuration.ts";
import { driverReplies } from "./targets/driver-replies.ts";
import { dropFiles } from "./targets/drop-files.ts";
import { learnedFiles } from "./targets/learned-files.ts";
import { realProcesses } from "./targets/real-processes.ts";
import { socketBytes } from "./targets/socket-bytes.ts";
import { spoolFiles } from "./targets/spool-files.ts";
import { terminalAnswers } from "./targets/terminal-answers.ts";
import { windowTitles } from "./targets/window-titles.ts";

/** Everything that reads what others have written. */
export const TARGETS: readonly Target[] = [
  spoolFiles,
  dropFiles,
  commandLines,
  configuration,
  learnedFiles,
  terminalAnswers,
  socketBytes,
  windowTitles,
  driverReplies,
  realProcesses,
];
