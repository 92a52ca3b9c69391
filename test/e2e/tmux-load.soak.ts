import { tmuxLoad } from "./tmux-load.ts";

tmuxLoad(500);
