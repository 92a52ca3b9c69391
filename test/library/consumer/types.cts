// The same for one that is CommonJS.
import { openSwarm, type Sent } from "swarm-delivery";

export const send = async (): Promise<Sent["status"] | null> => {
  const sent = await openSwarm().send("Agent-2", "hello");
  return "status" in sent ? sent.status : null;
};
