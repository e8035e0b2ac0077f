// The part of an adoption that takes over what runs: the setting `adopted`, the import file, and the steps.
import { SERVICE, shortType } from "../../facts/types";
import { loadProject } from "../../plan/project/project";
import { abbreviated, plural } from "../../tool/text";
import type { Ledger } from "../ledger";
import type { Adoption, Step } from "../report";
import { TITLES } from "../titles";
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
  const { ledger, described = [], check } = adoption;
  if (described.length === 0) return adoption;
  const settings = { "aws:region": region, ...ledger.settings };
  const plan = await planImport(loadProject({ cwd: root, stack, settings }), described);
  if (importedOf(plan) === 0) return adoption;
  if (Object.keys(plan.adopted).length > 0) ledger.set(["adopted"], plan.adopted);
  tell(ledger, plan);
  return { ...adoption, importFile: plan.file, steps: [...steps(stack, file, plan, described, check ? [check] : []), ...adoption.steps] };
}

const importedOf = ({ file }: ImportPlan): number => file.resources.filter(({ id }) => id !== undefined).length;

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

/** Of a service with a launch type, where the cluster stays outside of the stack. */
function capacitySteps({ file, created }: ImportPlan, described: readonly Described[]): Step[] {
  const types = [...file.resources.map(({ type }) => type), ...created.map(({ resource }) => resource)];
  if (types.some((type) => type.includes("ClusterCapacityProviders"))) return [];
  const clusters = described
    .filter(({ type, inputs }) => type === SERVICE && inputs.launchType === "FARGATE")
    .map(({ inputs }) => inputs.cluster as string);
  return [...new Set(clusters)].map((cluster) => ({
    title: "Let the cluster use Fargate's capacity providers",
    text: "The service has a launch type, and the stack gives it capacity providers, which its cluster must have. The second command replaces the list of the cluster and its default strategy: name in it what the first one shows, too.",
    commands: [
      `aws ecs describe-clusters --clusters ${cluster} --query "clusters[0].[capacityProviders,defaultCapacityProviderStrategy]"`,
      `aws ecs put-cluster-capacity-providers --cluster ${cluster} --capacity-providers FARGATE FARGATE_SPOT --default-capacity-provider-strategy "[]"`,
    ],
  }));
}

function steps(stack: string, file: string, plan: ImportPlan, described: readonly Described[], check: string[]): Step[] {
  const forget = `pulumi stack rm ${stack} --force --preserve-config`;
  const back = described
    .filter(({ type }) => type === SERVICE)
    .map(
      ({ inputs: { cluster, name, taskDefinition } }) =>
        `aws ecs update-service --cluster ${cluster as string} --service ${name as string} --task-definition ${taskDefinition as string}`,
    );
  return [
    ...capacitySteps(plan, described),
    {
      title: TITLES.import,
      text: `Writes ${plural(importedOf(plan), "resource")} into the state of the stack. AWS is only read.`,
      commands: [`pulumi stack init ${stack}`, `pulumi import --stack ${stack} --file ${file} --protect=false --generate-code=false`],
      check: [...check, `pulumi stack --stack ${stack} --show-ids`],
      rollback: [forget],
    },
    {
      title: TITLES.preview,
      text: `The preview creates ${abbreviated(
        plan.created.map(({ resource }) => resource),
        8,
      )}. Go on only if it replaces and deletes nothing.`,
      commands: [`pulumi preview --stack ${stack} --diff`],
      rollback: [forget],
    },
    {
      title: TITLES.update,
      text: "Registers the next revision of each task definition, and rolls the services to it while they serve.",
      commands: [`pulumi up --stack ${stack}`],
      check: [...check, `npx berth status --stack ${stack}`, `pulumi preview --stack ${stack} --expect-no-changes`],
      rollback: [...back, forget],
    },
  ];
}
