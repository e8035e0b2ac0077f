// Files with environment variables: those of the project, which are uploaded, and objects that are in S3 already.
import { createHash } from "node:crypto";
import fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { readEnvFile } from "../../facts/env-file";
import type { Refuse } from "../base/origin";
import { input, list, optional, text } from "../base/schema";
import type { FileBucket } from "../files/file-bucket";
import { type Container, type TaskPart, unique } from "./part";
import type { Keys } from "./secrets";

/** AWS's most files of a container. */
const MOST = 10;
const IN_S3 = /^arn:[a-z-]+:s3:::[^/*?]+\/[^*?]+\.env$/;

const PATH = /^(?!arn:)[^\s*?]+$/;

const complain = (given: string) =>
  IN_S3.test(given) || PATH.test(given)
    ? undefined
    : `${JSON.stringify(given)} is neither the path of a file nor the ARN of an object in S3 whose name ends with .env; write one like "./app.env" or "arn:aws:s3:::settings/app.env"`;

export const environmentFiles = optional(
  list(input(text(complain, "./app.env")), 0, (files) =>
    files.length > MOST ? `${files.length} files; AWS takes ${MOST} for a container.` : undefined,
  ),
  [],
);

/** A file with variables, where ECS finds it. */
export interface EnvironmentFile {
  at: string[];
  arn: pulumi.Input<string>;
  bucketArn: pulumi.Input<string>;
  /** What it is known by before anything is deployed. */
  named: pulumi.Input<string>;
  /** Where it is uploaded. */
  bucket?: FileBucket;
}

/** The files of all containers, uploaded where they are the project's. */
export function findEnvironmentFiles(containers: Container[], bucketOf: () => FileBucket, refuse: Refuse): EnvironmentFile[] {
  return containers.flatMap(({ at, args }) =>
    args.environmentFiles.map((given, i): EnvironmentFile => {
      const place = [...at, "environmentFiles", String(i)];
      if (typeof given !== "string" || given.startsWith("arn:"))
        return { at, arn: given, bucketArn: pulumi.output(given).apply((arn) => arn.split("/")[0]!), named: given };
      const content = contentOf(given, place, Object.keys(args.secrets), refuse);
      const bucket = bucketOf();
      const named = createHash("sha256").update(content).digest("hex");
      return { at, arn: bucket.upload(content, ".env").arn, bucketArn: bucket.bucket.arn, named, bucket };
    }),
  );
}

function contentOf(file: string, place: string[], secrets: string[], refuse: Refuse): string {
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile())
    refuse(place, `there is no file ${JSON.stringify(file)}; give its path from the project's folder, or the ARN of an object in S3.`);
  const content = fs.readFileSync(file, "utf8");
  const { variables, complaints } = readEnvFile(content);
  const twin = variables.find(({ name }) => secrets.includes(name));
  const wrong = complaints[0] ?? (twin && `line ${twin.line}: ${twin.name} is one of secrets, too; leave out one of them.`);
  if (wrong !== undefined) refuse(place, `${file}, ${wrong}`);
  return content;
}

/** Read these files, and find out where their buckets are: nothing else. Those that are in S3 already may be encrypted with one of the keys of secrets. */
export function environmentFilesPart(files: EnvironmentFile[], { secretsKmsKeyArns, kmsKeyArn }: Keys): TaskPart {
  const uploaded = unique(files.flatMap(({ bucket }) => bucket ?? []));
  const keys = [
    ...(files.some(({ bucket }) => bucket === undefined) ? secretsKmsKeyArns : []),
    ...(uploaded.length > 0 && kmsKeyArn !== undefined ? [kmsKeyArn] : []),
  ];
  const resourcesOf = (arns: pulumi.Input<string>[]) => pulumi.all(arns).apply(unique);
  return {
    executionRights: {
      statements:
        files.length === 0
          ? []
          : [
              { sid: "ReadEnvironmentFiles", actions: ["s3:GetObject"], resources: resourcesOf(files.map(({ arn }) => arn)) },
              {
                sid: "FindEnvironmentFiles",
                actions: ["s3:GetBucketLocation"],
                resources: resourcesOf(files.map(({ bucketArn }) => bucketArn)),
              },
              ...(keys.length > 0 ? [{ sid: "DecryptEnvironmentFiles", actions: ["kms:Decrypt"], resources: keys }] : []),
            ],
      named: files.map(({ named }) => ({ environmentFile: named })),
    },
    ready: uploaded.map(({ policy }) => policy),
  };
}
