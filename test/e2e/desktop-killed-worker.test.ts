import { killedWorker } from "./killed-worker.ts";

killedWorker(10, 8);
