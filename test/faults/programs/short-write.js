// Loaded before the command (`--import …/short-write.js?nth=3&note=FILE`): its third write to a file takes half of the
// bytes and says so, as a disk that is nearly full does. `note` is made when that has happened.
import fs from "node:fs";

const { searchParams } = new URL(import.meta.url);
const nth = Number(searchParams.get("nth"));
const note = searchParams.get("note") ?? "";
const write = fs.writeSync;
let count = 0;

fs.writeSync = (fd, buffer, offset, length, ...more) => {
  if (fd <= 2 || !(buffer instanceof Uint8Array) || length < 2)
    return write(fd, buffer, offset, length, ...more);
  count += 1;
  if (count !== nth) return write(fd, buffer, offset, length, ...more);
  fs.closeSync(fs.openSync(note, "w"));
  return write(fd, buffer, offset, Math.floor(length / 2), ...more);
};
