import { killedWorker } from "./killed-worker.ts";

killedWorker(25, 20);
