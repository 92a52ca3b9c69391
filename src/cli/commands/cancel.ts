/** `swarm cancel ID` */
import { openOutbox } from "../../app/compose.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Action, Define } from "../command.ts";
import { messageWithId, unknownId } from "../find-message.ts";
import { messageJson } from "../message-json.ts";

export const defineCancel: Define = (definition, run) => {
  definition
    .argument("<id>", "the message")
    .addHelpText("after", "\nExample:\n  swarm cancel msg_20260131_120000_0a1b2c3d")
    .action(run(cancel));
};

const cancel: Action = (session, { args: [id = ""] }) => {
  const { config } = session.workspace();
  const outbox = openOutbox(config);
  const result = outbox.cancel(id);
  if (result === "unknown") throw unknownId(id, outbox, config);
  const stored = messageWithId(id, outbox, config);
  session.json(messageJson(stored, config));
  if (result === "cancelled") {
    session.say(`${id} cancelled; ${stored.message.recipient} will not get it`);
    return EXIT.done;
  }
  const { status } = stored.state;
  const what = `${id} can't be cancelled: it is ${status}`;
  session.explain({
    what,
    hint: `only a message that still waits can be taken back; see swarm status ${id}`,
  });
  return EXIT.failed;
};
