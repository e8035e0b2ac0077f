// The plan of a stack: ops knows no Pulumi program, so the tool makes it in a process of its own.
import { join } from "node:path";
import { UserError } from "../../facts/errors";
import type { Invoke, Resource } from "../../facts/graph";
import type { Io } from "../io";
import { run } from "./locate";

/** What `berth plan --json` says of a stack, as far as it is read here. */
export interface PlannedGraph {
  project: string;
  stack: string;
  resources: Resource[];
  invokes: Invoke[];
}

export interface PlanOptions {
  stack: string;
  /** A file with the outputs of the stack that this one refers to. */
  platform?: string;
  /** Where the stack is, if it does not say so itself. */
  region?: string;
  /** Rewrites what the plan printed, before it is read. */
  rewrite?: (json: string) => string;
}

/** Plans a stack. A plan that breaks a rule is one all the same. */
export async function readPlan({ stack, platform, region, rewrite = (json) => json }: PlanOptions, io: Io): Promise<PlannedGraph> {
  const tool = join(__dirname, "../../bin/berth.js");
  const args = [tool, "plan", "--stack", stack, "--json", ...(platform === undefined ? [] : ["--platform", platform])];
  const env = region === undefined ? io.env : { ...io.env, AWS_REGION: region };
  const { error, stdout, stderr } = await run(process.execPath, args, Object.assign(Object.create(io) as Io, { env }));
  // Exit status 1 says that a rule is broken; what would exist is printed all the same.
  if (error && (error as { code?: unknown }).code !== 1)
    throw new UserError(stderr.trim(), [`\`npx berth plan --stack ${stack}\` must succeed first`]);
  return JSON.parse(rewrite(stdout)) as PlannedGraph;
}
