import { runtime } from "@pulumi/pulumi";
import { UserError } from "../../facts/errors";
import type { Graph, RecordedResource, Resource } from "../../facts/graph";
import { STASH } from "../../facts/types";
import { STACK_TYPE, stackUrn } from "../../facts/urn";
import type { Message } from "../plan-json";
import { runEntry } from "../project/entry";
import { describeFailure } from "../project/failure";
import type { Project } from "../project/project";
import { translate } from "../project/translate";
import { type Answered, Monitor } from "./monitor";
import { type Location, locationIn, locationOf } from "./region";
import { Sandbox } from "./sandbox";
import { scrubText } from "./scrub";
import { connect, pending, release } from "./sdk";

/** What a program registers, recorded twice: with everything known, and with everything unknown that only AWS knows. */
export interface Recording {
  project: Project;
  place: Location;
  known: Graph;
  unknown: Graph;
  /** What the program and the planner have to say, each once. */
  messages: Message[];
  /** Texts that must not be printed. */
  secrets: Set<string>;
}

interface Run {
  graph: Graph;
  messages: Message[];
  secrets: Set<string>;
}

/**
 * Runs the project's own program in this process, twice, and checks that both runs register the same resources. A stack that is there already has its earlier
 * resources, and the program finds in a Stash what it put there; `answered` says what AWS answered then, where that is known.
 */
export async function record(project: Project, earlier: Resource[] = [], answered?: Answered): Promise<Recording> {
  const place = whereIs(project, answered);
  translate(project);
  const known = await run(project, place, true, earlier, answered);
  // Two thirds of the heap belong to the run that has ended; left alone, V8 lets the second one grow it by half before it looks.
  globalThis.gc?.();
  // Of what AWS answers nothing is known, and all of what other stacks have exported.
  const unknown = await run(project, place, false, earlier, answered && { ...answered, resources: new Map() });
  compareRuns(known.graph, unknown.graph);
  const notes: Message[] = project.notes.map((text) => ({ severity: "warning", text }));
  if (place.assumed) notes.push({ severity: "info", text: `Neither aws:region nor AWS_REGION is set; the plan assumes ${place.region}.` });
  const messages = unique([...notes, ...known.messages, ...unknown.messages]);
  return { project, place, known: known.graph, unknown: unknown.graph, messages, secrets: new Set([...known.secrets, ...unknown.secrets]) };
}

/** The place of a stack: what is deployed is where it is, unless the stack names another region. */
function whereIs(project: Project, { account, region }: Partial<Answered> = {}): Location {
  const named = locationOf(project);
  const place = named.assumed && region !== undefined ? locationIn(region) : named;
  return account === undefined ? place : { ...place, account };
}

/** One run with everything known: half the work, where nobody asks what is unknown before the deploy. */
export async function recordKnown(project: Project, earlier: Resource[] = [], answered?: Answered): Promise<Graph> {
  translate(project);
  return (await run(project, whereIs(project, answered), true, earlier, answered)).graph;
}

async function run(project: Project, place: Location, known: boolean, earlier: Resource[], answered?: Answered): Promise<Run> {
  const stashes = earlier.filter(({ type }) => type === STASH);
  const stashed = new Map(stashes.map(({ urn, inputs }) => [urn, inputs.input ?? null]));
  const monitor = new Monitor({ project, place, known, stashed, ...(answered && { answered }) });
  runtime.setAllConfig(project.config, project.secretKeys);
  await connect(monitor, project);

  const sandbox = new Sandbox(project);
  const messages: Message[] = [];
  try {
    const outcome = sandbox.start(() => runtime.runInPulumiStack(() => runEntry(project.main)) as Promise<unknown>);
    await sandbox.settle(() => monitor.activity);
    const failure = monitor.failure ?? sandbox.failures[0];
    if (failure !== undefined) throw new UserError(scrubText(describeFailure(failure, project.root), monitor.secrets));
    if (!outcome.finished) throw new UserError(neverFinished());
    for (const { severity, text } of sandbox.messages) {
      if (severity === "error") throw new UserError(scrubText(text, monitor.secrets));
      messages.push({ severity, text });
    }
    if (pending().length > 0) throw new UserError(neverFinished());
  } finally {
    release();
    sandbox.close();
  }
  const graph = monitor.graph(stackUrn(project.stack, project.name));
  checkComponents(monitor);
  for (const text of monitor.notes) messages.push({ severity: "info", text });
  return { graph, messages, secrets: monitor.secrets };
}

function neverFinished(): string {
  const waiting = pending().flatMap(
    (label) =>
      label
        .match(/^resolveURN\(resource:(.+)\[(.+)\]\)$/)
        ?.slice(1, 3)
        .join(" of type ") ?? [],
  );
  const who = [...new Set(waiting)].sort();
  return who.length > 0
    ? `The program never finishes: ${who.join(", ")} ${who.length > 1 ? "wait" : "waits"} for a promise that nobody resolves, or resources wait for each other in a circle.`
    : "The program never finishes: it waits for a promise that nobody resolves.";
}

function checkComponents(monitor: Monitor): void {
  const [component] = monitor.withoutOutputs().filter(({ type }) => type !== STACK_TYPE);
  if (!component) return;
  throw new UserError(
    `The component "${component.name}" (${component.type}) has no outputs: call this.registerOutputs({ ... }) at the end of its constructor.`,
  );
}

function compareRuns(known: Graph, unknown: Graph): void {
  const missing = (from: Graph, other: Graph): RecordedResource | undefined => {
    const urns = new Set(other.resources.map((resource) => resource.urn));
    return from.resources.find((resource) => !urns.has(resource.urn));
  };
  const describe = ({ name, type, source }: RecordedResource) => `"${name}" of type ${type}${source ? ` (${source})` : ""}`;
  const onlyKnown = missing(known, unknown);
  if (onlyKnown) {
    throw new UserError(
      `The resource ${describe(onlyKnown)} exists only once values are known that AWS computes: make it outside apply(), and let a plain value decide whether it exists.`,
    );
  }
  const onlyUnknown = missing(unknown, known);
  if (onlyUnknown) {
    throw new UserError(
      `The resource ${describe(onlyUnknown)} exists only while values are unknown that AWS computes: let a plain value decide whether it exists.`,
    );
  }
}

function unique(messages: Message[]): Message[] {
  const seen = new Set<string>();
  return messages.filter(({ severity, text }) => {
    const key = `${severity} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
}
