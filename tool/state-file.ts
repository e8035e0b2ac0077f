// A state of the stack, as `pulumi stack export` writes it.
import { execFileSync } from "node:child_process";
import * as v from "valibot";
import { UserError } from "../facts/errors";
import { parseUrn, STACK_TYPE } from "../facts/urn";
import { readJsonFile } from "./json-file";

const strings = v.optional(v.nullable(v.array(v.string())), []);
const object = v.optional(v.record(v.string(), v.unknown()), {});
const text = v.optional(v.string(), "");
const flag = v.optional(v.boolean(), false);
const resource = v.looseObject({
  urn: v.pipe(v.string(), v.regex(/^urn:pulumi:[^:]+::[^:]+::[^:]+(:[^:]+)*::./s)),
  type: v.string(),
  custom: v.boolean(),
  id: text,
  parent: text,
  provider: text,
  inputs: object,
  outputs: object,
  dependencies: strings,
  propertyDependencies: v.optional(v.record(v.string(), v.nullable(v.array(v.string()))), {}),
  protect: flag,
  retainOnDelete: flag,
  deletedWith: text,
  replacementTrigger: v.optional(v.unknown()),
  /** Replaced, and not deleted yet. */
  delete: flag,
  /** Read by the program, not made. */
  external: flag,
});
export type StateResource = v.InferOutput<typeof resource>;
const EXPORT = v.looseObject({
  deployment: v.looseObject({
    resources: v.optional(v.nullable(v.array(resource)), []),
    pending_operations: v.optional(v.nullable(v.array(v.unknown())), []),
  }),
});

/** What is deployed of a stack. */
export interface State {
  resources: StateResource[];
  /** How many operations an update left unfinished when it was interrupted. */
  pending: number;
}

/** Of which stack: names, and the folder of the project. */
interface Whose {
  name: string;
  stack: string;
  root: string;
}

const HOW = "write it with pulumi stack export --file FILE";

/** Reads the state of a stack from a file, or without one from Pulumi's CLI. */
export function readState(file: string | undefined, whose: Whose): State {
  if (file !== undefined) return stateIn(readJsonFile(file, HOW), file, whose);
  const command = `pulumi stack export --stack ${whose.stack}`;
  return stateIn(exportOf(whose, command), `what ${command} wrote`, whose);
}

function exportOf({ stack, root }: Whose, command: string): unknown {
  const instead = "name a file that it wrote elsewhere: --deployed FILE";
  let output: string;
  try {
    output = execFileSync("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") throw new UserError(`${command} cannot run, because Pulumi's CLI is not installed: install it, or ${instead}.`);
    throw new UserError(`${command} failed: ${stderr?.trim().replace(/^error: /, "") || code}. Mend it, or ${instead}.`);
  }
  return JSON.parse(output);
}

function stateIn(value: unknown, what: string, { name, stack }: Whose): State {
  const { success, output, issues } = v.safeParse(EXPORT, value, { abortEarly: true });
  if (!success) {
    const where = v.getDotPath(issues[0]);
    throw new UserError(
      where?.includes("resources.") ? `${what} is damaged at ${where}: ${HOW}.` : `${what} is no state of a stack: ${HOW}.`,
    );
  }
  const { resources, pending_operations: pending } = output.deployment;
  const first = resources?.find(({ type }) => type === STACK_TYPE) ?? resources?.[0];
  const owner = first && parseUrn(first.urn);
  if (owner && (owner.project !== name || owner.stack !== stack))
    throw new UserError(
      `${what} is the state of ${owner.project}/${owner.stack}, and the plan is of ${name}/${stack}: name the state of this stack, or choose the other one with --stack.`,
    );
  return { resources: (resources ?? []).filter((one) => !one.delete), pending: pending?.length ?? 0 };
}
