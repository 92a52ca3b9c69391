import { describeStore } from "../contract/store.contract.ts";
import { SpoolWorld } from "./spool-world.ts";

describeStore("the spool as a store", () => new SpoolWorld());
