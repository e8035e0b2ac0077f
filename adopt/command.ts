// `berth adopt`: from what exists to a stack file, a report, and where it runs already, the file for `pulumi import`.
import { basename, dirname, resolve } from "node:path";
import { UserError } from "../facts/errors";
import { findProjectFile } from "../plan/project/project";
import { complaintsOf } from "../settings/complaints";
import { adoptCompose } from "./compose/translate";
import { translateManifests } from "./copilot/copilot";
import { translateDescriptions } from "./ecs/adopt";
import { withImport } from "./import/adopt";
import { adoptServices } from "./read/adopt";
import { type Adoption, countsOf, leftLine, reportOf } from "./report";
import { type File, refuseExisting, stackFile, writeAll } from "./stack-file";

export interface AdoptFlags {
  cwd: string;
  compose?: string;
  copilot?: string;
  env?: string;
  stacks?: string;
  taskDefinition?: string;
  serviceDefinition?: string;
  cluster?: string;
  service: string[];
  stack?: string;
  region?: string;
  json?: boolean;
}

/** What the translators are told beside the source. */
export interface Context {
  /** The folder of the project, which a stack file's paths are of. */
  root: string;
  /** The services that are wanted; all where none is named. */
  services: string[];
  region?: string;
  stack: string;
}

/** Reads a source, writes the files, and returns what there is to say. */
export async function adopt(flags: AdoptFlags): Promise<string> {
  const { from, translate } = sourceOf(flags);
  const stack = flags.stack ?? flags.env ?? "prod";
  if (!/^[A-Za-z0-9_.-]+$/.test(stack)) throw new UserError(`--stack is ${JSON.stringify(stack)}: give letters, digits, "-", "_" and ".".`);
  const root = dirname(findProjectFile(resolve(flags.cwd)));
  const names = { report: `adopt.${stack}.md`, imports: `adopt.${stack}.import.json` };
  if (!flags.json) refuseExisting(root, [`Pulumi.${stack}.yaml`, names.report, names.imports]);
  const found = await translate({ root, services: flags.service, stack, ...(flags.region !== undefined && { region: flags.region }) });
  found.ledger.close(complaintsOf);
  const region = flags.region ?? found.region ?? process.env.AWS_REGION ?? "us-east-1";
  const { before = [], later = [], ...imported } = await withImport(found, { root, stack, region, file: names.imports });
  const adoption = { ...imported, steps: [...before, ...imported.steps, ...later] };
  const { ledger, importFile } = adoption;
  if (flags.json) {
    const { settings, taken, changed, left } = ledger;
    return `${JSON.stringify({ version: 1, stack, region, settings, taken, changed, left, steps: adoption.steps, ...(importFile && { import: importFile }) }, null, 2)}\n`;
  }
  const files: File[] = [
    stackFile(stack, region, ledger.settings),
    { name: names.report, text: reportOf(adoption, from, stack) },
    ...(importFile ? [{ name: names.imports, text: `${JSON.stringify(importFile, null, 2)}\n` }] : []),
  ];
  writeAll(root, files);
  return summaryOf(adoption, files, stack);
}

function summaryOf({ ledger, steps }: Adoption, files: File[], stack: string): string {
  const [settings, report] = files;
  return [
    `${files.map(({ name }) => name).join(", ")}: written`,
    countsOf(ledger),
    ...ledger.left.slice(0, 5).map((one) => `  - ${leftLine(one)}`),
    ...(ledger.left.length > 5 ? [`  - ${ledger.left.length - 5} more`] : []),
    "",
    `Next: read ${report!.name}${steps.length > 0 ? ", which has the steps," : ""} and ${settings!.name}; then npx berth plan --stack ${stack}.`,
    "",
  ].join("\n");
}

interface Source {
  /** What is adopted, in words. */
  from: string;
  translate(context: Context): Adoption | Promise<Adoption>;
}

/** Flags that say more of a source, and the one of that source. */
const GOES_WITH = [
  ["env", "copilot", "--env goes with --copilot DIR"],
  ["stacks", "copilot", "--stacks goes with --copilot DIR"],
  ["serviceDefinition", "taskDefinition", "--service-definition goes with --task-definition FILE"],
] as const;

/** What the flags name, and what translates it. */
function sourceOf(flags: AdoptFlags): Source {
  const alone = GOES_WITH.find(([flag, source]) => flags[flag] !== undefined && flags[source] === undefined);
  if (alone) throw new UserError(`${alone[2]}.`);
  const { compose, copilot, env, stacks, taskDefinition, serviceDefinition, cluster } = flags;
  if (compose !== undefined) return { from: basename(compose), translate: (context) => adoptCompose(compose, context) };
  if (copilot !== undefined)
    return { from: "Copilot's manifests", translate: (context) => translateManifests(copilot, { env, stacks }, context) };
  if (taskDefinition !== undefined) {
    const from = [taskDefinition, ...(serviceDefinition === undefined ? [] : [serviceDefinition])].join(" and ");
    return { from, translate: ({ services }) => translateDescriptions(taskDefinition, serviceDefinition, services) };
  }
  if (cluster !== undefined) {
    return { from: `${flags.service.join(" and ")} in ${cluster}`, translate: (context) => adoptServices(cluster, context) };
  }
  throw new UserError(
    "Nothing to adopt is named: give --compose FILE, --copilot DIR, --task-definition FILE, or --cluster NAME --service NAME.",
  );
}
