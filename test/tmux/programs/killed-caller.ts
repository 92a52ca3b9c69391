/** Asks a tmux server a lot over one connection and is killed before it has read the answers. */
import { controlLink } from "../../../src/tmux/control-link.ts";

const [socket = "", session = ""] = process.argv.slice(2);
const REQUESTS = 200;

const link = controlLink(["-S", socket], session, () => undefined);
void link.run([["display-message", "-p", "connected"]]).then(() => {
  for (let i = 0; i < REQUESTS; i++) void link.run([["capture-pane", "-p", "-e", "-t", `=${session}:`]]);
  // The requests are written, and what comes back meets nobody.
  setImmediate(() => process.kill(process.pid, "SIGKILL"));
});
