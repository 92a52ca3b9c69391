/** A program that takes the clipboard of `display` back the moment somebody else takes it, until it is killed. */
import { openClipboard } from "../../../../src/desktop/x11/clipboard.ts";
import { connectX11 } from "../../../../src/desktop/x11/connection.ts";

const [display = ""] = process.argv.slice(2);
const clipboard = await openClipboard(await connectX11(display, () => process.exit()));
const take = () => void clipboard.offer({ text: "the rival's", flavors: {} });
clipboard.onTaken(take);
take();
