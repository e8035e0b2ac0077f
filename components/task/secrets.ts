// What ECS needs to read the secrets that a task's containers get as variables.
import * as pulumi from "@pulumi/pulumi";
import { NOT_A_SECRET, type SecretGrant, secretGrant } from "../../facts/arns";
import type { Refuse } from "../base/origin";
import { type Container, type TaskPart, unique } from "./part";

/** Read these secrets, and decrypt them with these keys: nothing else. */
export function secretsPart(containers: Container[], kmsKeyArns: pulumi.Input<string>[], refuse: Refuse): TaskPart {
  const grants = containers.flatMap(({ at, args }) =>
    Object.entries(args.secrets).map(([name, arn]) => grantOf(arn, () => refuse([...at, "secrets", name], NOT_A_SECRET))),
  );
  const secretsIn = (service: string) =>
    pulumi.all(grants).apply((all) => unique(all.filter((grant) => grant.service === service).map((grant) => grant.resource)));
  const statements =
    grants.length > 0
      ? [
          { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secretsIn("secretsmanager") },
          { sid: "ReadParameters", actions: ["ssm:GetParameters"], resources: secretsIn("ssm") },
          { sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: kmsKeyArns },
        ]
      : [];
  const named = [
    ...containers.map(({ args }) => args.secrets).filter((secrets) => Object.keys(secrets).length > 0),
    ...(kmsKeyArns.length > 0 ? [kmsKeyArns] : []),
  ];
  return { executionRights: { statements, named } };
}

/** What the ARN of a secret grants. */
function grantOf(arn: pulumi.Input<string>, refuse: () => never): pulumi.Input<SecretGrant> {
  const read = (value: string) => secretGrant(value) ?? refuse();
  return typeof arn === "string" ? read(arn) : pulumi.output(arn).apply(read);
}
