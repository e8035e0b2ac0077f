import { Command } from "commander";
import { register } from "../../ops/cli";

/** A `berth` of the day-two commands alone, for tests that need a process of its own. */
const program = new Command("berth");
register(program);
void program.parseAsync();
