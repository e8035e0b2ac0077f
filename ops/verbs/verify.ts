import { UserError } from "../../facts/errors";
import { ACCOUNT } from "../../facts/made-up";
import type { Place } from "../../facts/secrets";
import { STACK_REFERENCE } from "../../facts/types";
import { jsonText } from "../../tool/printable";
import { readState, type StateResource } from "../../tool/state-file";
import { plural } from "../../tool/text";
import { type Check, renderChecks } from "../check";
import { plannedServices } from "../container/planned";
import { IN_CONTAINER, trials } from "../container/trial";
import type { Io } from "../io";
import type { Aws } from "../stack/aws";
import { connect, DEFAULT_STACK, type LocationOptions, run } from "../stack/locate";
import { type PlannedGraph, readPlan } from "../stack/plan";
import { projectDirectory } from "../stack/stack-settings";
import { PlannedStack, textOf } from "../verify/planned-stack";
import { verifyAll } from "../verify/verification";
import { VERIFICATIONS } from "../verify/verifications";

export interface VerifyOptions extends Omit<LocationOptions, "cluster" | "service"> {
  /** A file of `pulumi stack export`; else Pulumi's CLI is asked. */
  deployed?: string;
  /** A file with the outputs of the stack that this one refers to. */
  platform?: string;
  /** Whether the app's image is built and started. */
  container?: boolean;
  envFile?: string;
  json?: boolean;
}

/** Of the shape of the JSON. */
const JSON_VERSION = 1;

/** Asks AWS, and changes nothing, whether a deploy of the stack as it is planned would fail: 1 if so. */
export async function verify(options: VerifyOptions, io: Io): Promise<number> {
  const root = projectDirectory(io.cwd);
  if (!root) throw new UserError(`There is no Pulumi project (Pulumi.yaml) in ${io.cwd} or above it.`, ["Run berth inside the project."]);
  const { stack: name = DEFAULT_STACK, platform } = options;
  const aws = connect(options, io);
  const place = await placeOf(aws);
  const rewrite = (json: string) => json.replaceAll(ACCOUNT, place.accountId);
  const graph = await readPlan({ stack: name, region: place.region, rewrite, ...(platform !== undefined && { platform }) }, io);
  const { state, checks } = deployedOf(graph, root, options.deployed);
  checks.push(...unknownOutputs(graph, platform));
  const planned = new PlannedStack(graph, place, state);
  checks.push(...elsewhere(planned), ...(await verifyAll(VERIFICATIONS, planned, aws)));
  checks.push(...(await inContainer(graph, options, root, io)));
  const failures = checks.filter(({ result }) => result === "fail").length;
  if (options.json) {
    const { accountId: account, region } = place;
    io.out(`${jsonText({ version: JSON_VERSION, project: graph.project, stack: graph.stack, account, region, checks }, 2)}\n`);
  } else {
    io.out(`${renderChecks(checks, io.color.out).join("\n")}\n`);
    io.err(`${summary(graph, checks, failures)}\n`);
  }
  return failures > 0 ? 1 : 0;
}

/** Where the credentials lead to. */
async function placeOf(aws: Aws): Promise<Place> {
  const region = await aws.region();
  const { Account = "", Arn = "" } = await aws.sts().getCallerIdentity({});
  return { accountId: Account, region, partition: Arn.split(":")[1] ?? "aws" };
}

/** What is deployed of the stack. Nobody needs access to its state: what follows from that is said. */
function deployedOf({ project, stack }: PlannedGraph, root: string, file: string | undefined) {
  const checks: Check[] = [];
  let state: StateResource[] | undefined;
  try {
    state = readState(file, { name: project, stack, root }).resources;
  } catch (error) {
    if (file !== undefined || !(error instanceof UserError)) throw error;
    if (/no stack named/.test(error.message)) state = [];
    else checks.push({ name: "State", result: "skip", detail: `${error.message} Everything is taken to be new.` });
  }
  return { state, checks };
}

/** Whoever the program's own providers are, their accounts and regions are not asked. */
function elsewhere(stack: PlannedStack): Check[] {
  const providers = new Set(stack.elsewhere.map(({ provider = "" }) => provider.split("::").at(-2)));
  if (providers.size === 0) return [];
  return [{ name: "Providers", result: "skip", detail: `what ${[...providers].join(", ")} makes is not verified` }];
}

/** Another stack's outputs are unknown to a plan, and so is all that follows from them. */
function unknownOutputs({ resources }: PlannedGraph, platform: string | undefined): Check[] {
  const names = new Set(resources.flatMap(({ type, inputs }) => (type === STACK_REFERENCE ? (textOf(inputs, "name") ?? []) : [])));
  if (platform !== undefined || names.size === 0) return [];
  const detail = `what follows from the outputs of ${[...names].join(", ")} is not verified; --platform FILE gives them`;
  return [{ name: "Platform", result: "skip", detail, fix: "pulumi stack output --json --stack STACK > FILE writes them." }];
}

async function inContainer({ resources }: PlannedGraph, options: VerifyOptions, root: string, io: Io): Promise<Check[]> {
  const services = plannedServices(resources);
  if (services.length === 0) return [];
  const untried = (detail: string): Check[] => [{ name: IN_CONTAINER, result: "skip", detail }];
  if (!options.container) return untried("not tried; --container builds the image and starts it as ECS would");
  const { error } = await run("docker", ["version", "--format", "{{.Server.Version}}"], io);
  if (error) return untried("not tried: there is no Docker");
  return trials(services, { root, envFile: options.envFile, signal: io.interruption() }, io);
}

function summary({ project, stack }: PlannedGraph, checks: Check[], failures: number): string {
  const open = checks.filter(({ result }) => result === "skip").length;
  const rest = open > 0 ? ` ${plural(open, "thing")} could not be verified.` : "";
  return failures > 0
    ? `A deploy of ${project}/${stack} would fail: ${plural(failures, "reason")}.${rest}`
    : `Nothing was found that a deploy of ${project}/${stack} would fail by.${rest}`;
}
