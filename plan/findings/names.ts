import { text } from "../query";
import { shortType } from "../types";
import type { GraphRule } from "./rule";

/** The most characters that AWS takes of a name, and the input that holds it. */
const LIMITS: Record<string, { most: number; key: string }> = {
  "aws:lb/loadBalancer:LoadBalancer": { most: 32, key: "name" },
  "aws:lb/targetGroup:TargetGroup": { most: 32, key: "name" },
  "aws:iam/role:Role": { most: 64, key: "name" },
  "aws:s3/bucket:Bucket": { most: 63, key: "bucket" },
  "aws:ec2/securityGroup:SecurityGroup": { most: 255, key: "name" },
  "aws:ecs/cluster:Cluster": { most: 255, key: "name" },
  "aws:ecs/service:Service": { most: 255, key: "name" },
  "aws:ecr/repository:Repository": { most: 256, key: "name" },
  "aws:cloudwatch/logGroup:LogGroup": { most: 512, key: "name" },
};

/** What Pulumi adds to a resource's name where the program gives none: a hyphen and seven digits. */
const ADDED = 8;

export const nameLength: GraphRule = {
  name: "plan-name-length",
  severity: "high",
  level: "mandatory",
  check: ({ graph }) =>
    graph.resources.flatMap(({ urn, type, name, inputs }) => {
      const limit = LIMITS[type];
      if (!limit || text(inputs[`${limit.key}Prefix`]) !== undefined) return [];
      const given = text(inputs[limit.key]);
      const length = given === undefined ? name.length + ADDED : given.length;
      const whose = given === undefined ? `Pulumi's name for it (its own and ${ADDED} characters)` : `its name "${given}"`;
      return length <= limit.most
        ? []
        : [
            {
              urn,
              message: `${whose} has ${length} characters; AWS takes ${limit.most} for ${shortType(type)}.`,
              fix: `a name of at most ${given === undefined ? limit.most - ADDED : limit.most} characters`,
            },
          ];
    }),
};
