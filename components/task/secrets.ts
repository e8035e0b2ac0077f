// What ECS needs to read the secrets of a task: those that its containers get as variables, and those that log drivers get.
import * as pulumi from "@pulumi/pulumi";
import { NOT_A_SECRET, type SecretGrant, secretGrant } from "../../facts/arns";
import type { Refuse } from "../base/origin";
import { type TaskPart, unique } from "./part";

/** Secrets by name, and where they stand in the arguments. */
export interface NamedSecrets {
  at: string[];
  secrets: Record<string, pulumi.Input<string>>;
}

/** Read these secrets, and decrypt them with these keys: nothing else. */
export function secretsPart(given: NamedSecrets[], kmsKeyArns: pulumi.Input<string>[], refuse: Refuse): TaskPart {
  const grants = given.flatMap(({ at, secrets }) =>
    Object.entries(secrets).map(([name, arn]) => grantOf(arn, () => refuse([...at, name], NOT_A_SECRET))),
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
    ...given.map(({ secrets }) => secrets).filter((secrets) => Object.keys(secrets).length > 0),
    ...(kmsKeyArns.length > 0 ? [kmsKeyArns] : []),
  ];
  return { executionRights: { statements, named } };
}

/** What the ARN of a secret grants. */
function grantOf(arn: pulumi.Input<string>, refuse: () => never): pulumi.Input<SecretGrant> {
  const read = (value: string) => secretGrant(value) ?? refuse();
  return typeof arn === "string" ? read(arn) : pulumi.output(arn).apply(read);
}
