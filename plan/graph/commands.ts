import type { Json } from "../../facts/graph";
import { text } from "./query";

/** The verb of a command that an update runs with the project's own tool: `node "bin/berth.js" wait`. */
export const verbOf = (command: Json | undefined): string | undefined => text(command)?.match(/berth(?:\.js)?"? (\S+)/)?.[1];
