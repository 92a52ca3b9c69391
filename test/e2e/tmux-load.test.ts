import { tmuxLoad } from "./tmux-load.ts";

tmuxLoad(160);
