// What lies beside the manifests: templates of CloudFormation (addons), changes to Copilot's own templates (overrides), and pipelines.
import type { Ledger } from "../ledger";
import { type Fields, isMap } from "../values";
import { textOf, variableOf } from "./values";
import type { Document, Workspace } from "./workspace";

/** Resources that addons have mostly: what each is in a program, and what a service needs of it. */
const BECOMES: Record<string, string> = {
  "AWS::S3::Bucket": "an aws.s3.Bucket in index.ts, and its ARN in permissions.read and permissions.write",
  "AWS::S3::BucketPolicy": "an aws.s3.BucketPolicy in index.ts",
  "AWS::DynamoDB::Table": "an aws.dynamodb.Table in index.ts, and its ARN in permissions.read and permissions.write",
  "AWS::SQS::Queue": "the queue of a service (queue.arn), or its ARN in permissions",
  "AWS::SQS::QueuePolicy": "an aws.sqs.QueuePolicy in index.ts",
  "AWS::SNS::Topic": "an aws.sns.Topic in index.ts, and its ARN in permissions.write",
  "AWS::SNS::Subscription": "an aws.sns.TopicSubscription in index.ts",
  "AWS::RDS::DBCluster": "an aws.rds.Cluster in index.ts, whose group is one of securityGroups",
  "AWS::RDS::DBInstance": "an aws.rds.Instance in index.ts, whose group is one of securityGroups",
  "AWS::RDS::DBSubnetGroup": "an aws.rds.SubnetGroup in index.ts",
  "AWS::RDS::DBClusterParameterGroup": "an aws.rds.ClusterParameterGroup in index.ts",
  "AWS::ElastiCache::ReplicationGroup": "an aws.elasticache.ReplicationGroup in index.ts, whose group is one of securityGroups",
  "AWS::SecretsManager::Secret": "one of secrets, by its name",
  "AWS::SecretsManager::SecretTargetAttachment": "no more: the secret says where the database is already",
  "AWS::SSM::Parameter": "one of secrets, by its name",
  "AWS::EC2::SecurityGroup": "one of securityGroups, by its id",
  "AWS::EC2::SecurityGroupIngress": "an aws.vpc.SecurityGroupIngressRule in index.ts",
  "AWS::IAM::ManagedPolicy": "permissions of the service: read, write, or its statements",
  "AWS::IAM::Role": "an aws.iam.Role in index.ts",
  "AWS::KMS::Key": "an aws.kms.Key in index.ts, and its ARN in permissions",
  "AWS::Lambda::Function": "an aws.lambda.Function in index.ts",
  "AWS::Route53::RecordSet": "an aws.route53.Record in index.ts",
};

/** What a program that makes the resource says; CloudFormation's type in any other case. */
const becomes = (type: string) => (Object.hasOwn(BECOMES, type) ? BECOMES[type]! : `a resource of Pulumi in index.ts, in place of ${type}`);

/** How Copilot hands on an output of a template: by what it refers to. */
function handedOn(output: string, value: unknown, resources: Fields, workload: string | undefined): string {
  const refers = JSON.stringify(value ?? "");
  const resource = Object.keys(resources).find((id) => new RegExp(`\\b${id}\\b`).test(refers));
  const type = resource === undefined ? "" : (textOf((resources[resource] as Fields | undefined)?.Type) ?? "");
  if (workload === undefined) return "Copilot exports it for workloads: where one needs it, write its value there.";
  const at = `services.${workload}`;
  if (type === "AWS::IAM::ManagedPolicy") return `Copilot attaches it to the task role: say what it allows in ${at}.permissions.`;
  if (type === "AWS::EC2::SecurityGroup") return `Copilot gives it to the tasks: write its id to ${at}.securityGroups.`;
  if (type === "AWS::SecretsManager::Secret")
    return `Copilot gives it to the container as a secret: name it in ${at}.secrets.${variableOf(output)}.`;
  return `Copilot gives it to the container as a variable: write its value to ${at}.environment.${variableOf(output)}.`;
}

/** Accounts for the templates beside a workload, or beside the environment. */
function addons(ledger: Ledger, documents: readonly Document[], workload: string | undefined, where: string): void {
  for (const { file, content } of documents) {
    const source = ledger.source(file, content);
    const resources = isMap(content.Resources) ? content.Resources : {};
    for (const [id, resource] of Object.entries(resources)) {
      const type = isMap(resource) ? String(resource.Type) : "something else";
      source.leave(["Resources", id], `${type} stays where it is while ${where} is retained; in the program it is ${becomes(type)}.`);
    }
    for (const [output, value] of Object.entries(isMap(content.Outputs) ? content.Outputs : {}))
      source.leave(["Outputs", output], handedOn(output, isMap(value) ? value.Value : value, resources, workload));
    for (const key of ["AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Transform", "Rules"])
      if (Object.hasOwn(content, key)) source.same([key], "it is CloudFormation's, and says what the resources are made of");
  }
}

/** Accounts for everything in the workspace that is no manifest. */
export function others(ledger: Ledger, workspace: Workspace): void {
  const { app, env, workloads, pipelines, summary } = workspace;
  const summaries = ledger.source(summary.file, summary.content);
  if (Object.hasOwn(summary.content, "application"))
    summaries.same(["application"], "the app's name is in the variables, and in the names of what Copilot made");
  for (const { name, addons: its, overrides, file } of workloads) {
    addons(ledger, its, name, `the stack ${app}-${env}-${name}`);
    for (const patch of overrides)
      told(ledger, patch, `it changes the template of ${file}: say the same by a setting, or by transform in index.ts.`);
  }
  addons(ledger, workspace.addons, undefined, `the stack ${app}-${env}`);
  for (const patch of workspace.overrides) told(ledger, patch, "it changes the environment, which stays as it is.");
  for (const pipeline of pipelines) told(ledger, pipeline, "deploy by a pipeline of your own: docs/ci.md has those of GitHub and GitLab.");
}

const told = (ledger: Ledger, file: string, todo: string) => ledger.source(file, "file").leave([], todo);
