import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { deferLibraries } from "../sdk/defer";
import { readState } from "../tool/state-file";
import type { PlanFlags } from "./flags";
import { loadProject, type ProjectOptions } from "./project/project";
import { readBeside } from "./update/beside";
import { readPlanFile } from "./update/plan-file";

/** Runs `berth plan`, and returns its exit status. Wrong settings and files are found before the second that loading Pulumi takes. */
export function run(flags: PlanFlags): Promise<number> {
  const options: ProjectOptions = {
    cwd: flags.cwd,
    stack: flags.stack,
    config: flags.config,
    configPath: flags.configPath,
    platform: flags.platform,
  };
  const project = loadProject(options);
  const other = flags.againstStack === undefined ? undefined : loadProject({ ...options, stack: flags.againstStack });
  const file = flags.against === undefined ? undefined : readPlanFile(flags.against);
  const against = other ?? file;
  const state = flags.deployed === undefined ? undefined : readState(flags.deployed === true ? undefined : flags.deployed, project);
  const beside = flags.beside.map(readBeside);
  deferLibraries();
  exposeGc();
  const { write } = require("./report/output") as typeof import("./report/output");
  return write(project, { ...(against && { against }), ...(state && { state }), beside }, flags);
}

/** As `node --expose-gc` does. */
function exposeGc(): void {
  setFlagsFromString("--expose-gc");
  globalThis.gc = runInNewContext("gc") as typeof globalThis.gc;
}
