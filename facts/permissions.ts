// What it takes to use something in AWS, by its ARN: the service is read from it. No Pulumi here.
import { wholeSecretArn } from "./arns";

export type Access = "read" | "write";

/** Some actions, and which ARNs they are about. */
export interface Right {
  sid: string;
  actions: string[];
  on(arn: string): string[];
}

interface Kind {
  /** In a sentence. */
  name: string;
  form: RegExp;
  /** The service by which a private network reaches it, where it has no way of its own. */
  endpoint?: string;
  read?: Right[];
  write: Right[];
}

const itself = (arn: string) => [arn];
const isBucket = (arn: string) => !arn.includes("/");
const objects = (arn: string) => [isBucket(arn) ? `${arn}/*` : arn];
const secret = (arn: string) => [wholeSecretArn(arn)];
const right = (sid: string, actions: string[], on: Right["on"] = itself): Right => ({ sid, actions, on });
const arn = (service: string, resource: string) => new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]+:\\d{12}:${resource}$`);

/** What rights are known of. A name may end in a pattern, but is none altogether. */
const KINDS: readonly Kind[] = [
  {
    name: "an S3 bucket or objects in it",
    form: /^arn:[a-z-]+:s3:::[a-z0-9][^/]*(\/.+)?$/,
    read: [right("ReadObjects", ["s3:GetObject"], objects), right("ListBuckets", ["s3:ListBucket"], (its) => (isBucket(its) ? [its] : []))],
    write: [right("WriteObjects", ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"], objects)],
  },
  {
    name: "a DynamoDB table",
    form: arn("dynamodb", "table/[\\w.-][^/]*"),
    endpoint: "dynamodb",
    read: [
      right(
        "ReadTables",
        ["BatchGetItem", "ConditionCheckItem", "DescribeTable", "GetItem", "Query", "Scan"].map((action) => `dynamodb:${action}`),
        (its) => [its, `${its}/index/*`],
      ),
    ],
    write: [
      right(
        "WriteTables",
        ["BatchWriteItem", "DeleteItem", "DescribeTable", "PutItem", "UpdateItem"].map((action) => `dynamodb:${action}`),
      ),
    ],
  },
  {
    name: "an SQS queue",
    form: arn("sqs", "[\\w-][^:]*"),
    endpoint: "sqs",
    read: [
      right(
        "ReceiveMessages",
        ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"].map(
          (action) => `sqs:${action}`,
        ),
      ),
    ],
    write: [right("SendMessages", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"])],
  },
  { name: "an SNS topic", form: arn("sns", "[\\w-][^:]*"), endpoint: "sns", write: [right("PublishMessages", ["sns:Publish"])] },
  {
    name: "a secret of Secrets Manager",
    form: arn("secretsmanager", "secret:[\\w/+=.@-][^:]*"),
    endpoint: "secretsmanager",
    read: [right("ReadSecrets", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], secret)],
    write: [right("WriteSecrets", ["secretsmanager:PutSecretValue"], secret)],
  },
  {
    name: "a parameter of Parameter Store",
    form: arn("ssm", "parameter/[\\w.-].*"),
    endpoint: "ssm",
    read: [right("ReadParameters", ["ssm:GetParameter", "ssm:GetParameters"])],
    write: [right("WriteParameters", ["ssm:PutParameter"])],
  },
  {
    name: "a KMS key that one of them is encrypted with",
    form: arn("kms", "key/[a-z0-9-]+"),
    read: [right("Decrypt", ["kms:Decrypt"])],
    // Services ask for a data key to encrypt, and look into what they have encrypted themselves: parts of an object, messages of a queue.
    write: [right("Encrypt", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"])],
  },
];

/** All rights of one kind of access. */
export const RIGHTS: Readonly<Record<Access, readonly Right[]>> = {
  read: KINDS.flatMap(({ read = [] }) => read),
  write: KINDS.flatMap(({ write }) => write),
};

const kindOf = (its: string) => KINDS.find(({ form }) => form.test(its));

/** What a right takes of an ARN: nothing, where it is about something else. */
export const resourcesOf = (one: Right, access: Access, its: string): string[] => (kindOf(its)?.[access]?.includes(one) ? one.on(its) : []);

/** The endpoint that a private network needs for what the ARN names; undefined for what it reaches anyway. */
export const endpointOf = (its: string): string | undefined => kindOf(its)?.endpoint;

/** What is wrong with the ARN of something that is to be read or written; undefined if nothing is. */
export function accessComplaint(access: Access, given: string): string | undefined {
  const kind = kindOf(given);
  if (kind?.[access]) return undefined;
  if (kind) return `${given} is ${kind.name}, which has nothing to read; name it in write.`;
  const known = KINDS.filter((one) => one[access]).map(({ name }) => name);
  return `${JSON.stringify(given)} has no ready rights; allowed: the ARN of ${known.join(", ")}; for anything else write a statement: statements: [{ actions: [...], resources: [...] }].`;
}
