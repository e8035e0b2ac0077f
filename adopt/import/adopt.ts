// The part of an adoption that takes over what runs: the setting `adopted`, the import file, and the steps.
import { shortType } from "../../facts/types";
import { loadProject } from "../../plan/project/project";
import { abbreviated, plural } from "../../tool/text";
import type { Ledger } from "../ledger";
import type { Adoption, Step } from "../report";
import type { Described } from "./described";
import { type ImportPlan, planImport } from "./plan-import";

/** Of the stack that is written. */
interface Whose {
  root: string;
  stack: string;
  region: string;
  /** The name of the import file. */
  file: string;
}

/** An adoption with the import of what its reader described. Its account is closed: the settings are those of the stack file. */
export async function withImport(adoption: Adoption, { root, stack, region, file }: Whose): Promise<Adoption> {
  const { ledger, described = [] } = adoption;
  if (described.length === 0) return adoption;
  const settings = { "aws:region": region, ...ledger.settings };
  const plan = await planImport(loadProject({ cwd: root, stack, settings }), described);
  const imported = plan.file.resources.filter(({ id }) => id !== undefined).length;
  if (imported === 0) return adoption;
  if (Object.keys(plan.adopted).length > 0) ledger.set(["adopted"], plan.adopted);
  tell(ledger, plan);
  return { ...adoption, importFile: plan.file, steps: [...adoption.steps, ...steps(stack, file, imported, plan, described)] };
}

/** What the first update changes, would replace, and does not touch. */
function tell(ledger: Ledger, { changed, left }: ImportPlan): void {
  for (const { type, name, effect, properties, replacedBy, replaced } of changed) {
    const source = `${shortType(type)} ${name}`;
    const paths = abbreviated([...new Set(properties.map(({ path }) => path))], 12);
    if (effect === "replaced")
      ledger.left.push({
        source,
        path: [],
        todo: `The first update would replace it, because ${replacedBy.join(", ")} cannot change: ${replaced}. Change the stack file until nothing is replaced, or leave it out of the import file.`,
      });
    else
      ledger.changed.push({
        source,
        path: [],
        why: `The first update changes ${paths} ${effect === "rolls" ? "and starts a deployment" : "in place"}.`,
      });
  }
  for (const { type, id } of left)
    ledger.left.push({
      source: `${shortType(type)} ${id}`,
      path: [],
      todo: "The stack has nothing that it could be: it stays in AWS as it is.",
    });
}

function steps(stack: string, file: string, imported: number, { created }: ImportPlan, described: readonly Described[]): Step[] {
  const remove = `pulumi stack rm ${stack} --force --preserve-config`;
  const services = described.filter(({ type }) => type === "aws:ecs/service:Service");
  const back = services.map(({ inputs: { cluster, name, taskDefinition } }) =>
    ["aws ecs update-service --cluster", cluster ?? "default", "--service", name, "--task-definition", taskDefinition]
      .map(String)
      .join(" "),
  );
  return [
    {
      title: "Import what runs",
      text: `Writes ${plural(imported, "resource")} into the state of the stack. AWS is only read.`,
      commands: [`pulumi stack init ${stack}`, `pulumi import --stack ${stack} --file ${file} --protect=false --generate-code=false`],
      check: [`pulumi stack --stack ${stack} --show-ids`],
      rollback: [remove],
    },
    {
      title: "See that nothing is replaced",
      text: `The preview creates ${abbreviated(
        created.map(({ resource }) => resource),
        8,
      )}. Go on only if it replaces and deletes nothing.`,
      commands: [`pulumi preview --stack ${stack} --diff`],
      rollback: [remove],
    },
    {
      title: "Update",
      text: "Registers the next revision of each task definition, and rolls the services to it while they serve.",
      commands: [`pulumi up --stack ${stack}`],
      check: [`npx berth status --stack ${stack}`, `pulumi preview --stack ${stack} --expect-no-changes`],
      rollback: [...back, remove],
    },
  ];
}
