import { TASK_DEFINITIONS } from "../../../facts/types";
import { stackRule } from "../../engine/define";
import { glob } from "../../engine/glob";
import { ofTask } from "../../engine/remedies";
import { containers } from "../../graph/containers";
import { grantsOf } from "../../graph/iam";
import { covers, type Statement } from "../../graph/statements";
import type { Resource } from "../../graph/types";
import { decide } from "../../graph/undecided";

const reads = ["secretsmanager:GetSecretValue", "ssm:GetParameters"];

export default stackRule({
  name: "iam-role-exact-secrets",
  description: "The execution role can read exactly the secrets that its tasks declare, and the task role none of them.",
  controls: ["IAM-09"],
  reason: "A role that reads more exposes other services' secrets to whoever can start a task; one that reads less fails the deploy.",
  fix: `Action: ["secretsmanager:GetSecretValue"], Resource: [secret.arn] // on the execution role`,
  settings: ofTask("secrets"),
  types: TASK_DEFINITIONS,
  concerns: (task) => declared(task).length > 0,
  check(task, graph, report) {
    const own = declared(task);
    const [execution] = graph.refs(task, "executionRoleArn", "aws:iam/role:Role");
    if (execution) {
      const granted = readable(grantsOf(execution, graph));
      // The tasks that share an execution role share what it reads.
      const all = TASK_DEFINITIONS.flatMap((type) => graph.referrers(execution, type, "executionRoleArn")).flatMap(declared);
      for (const arn of own)
        if (!granted.some((r) => means(r, arn))) report(`the execution role ${execution.name} may not read ${arn}`, "allow it");
      for (const r of granted)
        if (!all.some((arn) => means(r, arn)))
          report(`the execution role ${execution.name} may read ${r}, which no container declares`, "remove it");
    }
    decide(() => {
      const [role] = graph.refs(task, "taskRoleArn", "aws:iam/role:Role");
      if (!role) return;
      const granted = readable(grantsOf(role, graph));
      for (const arn of own)
        if (granted.some((r) => means(r, arn)))
          report(`the task role ${role.name} may read ${arn}, which the container receives already`, "remove it");
    });
  },
});

/** The secrets and parameters that the containers of a task definition are given, without the JSON key and version that may follow. */
function declared(task: Resource<(typeof TASK_DEFINITIONS)[number]>): string[] {
  const references = containers(task).flatMap((c) => [...(c.secrets ?? []), ...(c.logConfiguration?.secretOptions ?? [])]);
  return [...new Set(references.map(({ valueFrom }) => valueFrom.split(":").slice(0, 7).join(":")))];
}

function readable(grants: Statement[]): string[] {
  return grants.filter((s) => reads.some((a) => covers(s.actions, a))).flatMap((s) => s.resources);
}

/** True if the resource of a statement is that one secret, with or without the six characters that AWS adds to its name. */
function means(resource: string, arn: string): boolean {
  return resource === arn || resource === `${arn}-??????` || (!resource.includes("*") && glob(resource, arn));
}
