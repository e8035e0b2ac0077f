// What the app may do in AWS: ready rights by ARN, and statements.
import * as pulumi from "@pulumi/pulumi";
import { type Access, accessComplaint, RIGHTS, resourcesOf } from "../../facts/permissions";
import type { Statement } from "../base/iam";
import type { Refuse } from "../base/origin";
import {
  type ArgumentsOf,
  group,
  groupOr,
  input,
  list,
  map,
  oneOf,
  oneOrMore,
  optional,
  pattern,
  scalar,
  text,
  type Values,
} from "../base/schema";
import type { TaskPart } from "./part";

/** What the app may do in AWS. */
export interface Permissions {
  /**
   * ARNs of what it may read: S3 buckets or objects in them, DynamoDB tables with their indexes, SQS queues (receive and delete), secrets, parameters, and the
   * KMS keys that these are encrypted with. Defaults to none.
   */
  read?: pulumi.Input<string>[];
  /** ARNs of what it may write: S3 buckets or objects in them, DynamoDB tables, SQS queues (send), SNS topics (publish), secrets, parameters, and their KMS keys. Defaults to none. */
  write?: pulumi.Input<string>[];
  /** Statements for anything else. Defaults to none. */
  statements?: Statement[];
}

const OPERATOR =
  /^((ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?|Null)$/;
const operatorComplaint = (given: string) =>
  OPERATOR.test(given) ? undefined : `${JSON.stringify(given)} is not a condition operator of IAM; write one like "StringEquals".`;
const keyComplaint = (given: string) =>
  /^[A-Za-z0-9-]+:\S+$/.test(given)
    ? undefined
    : `${JSON.stringify(given)} is not a condition key of IAM; write one like "aws:SourceAccount".`;

const statement = group({
  sid: optional(pattern(/^[A-Za-z0-9]+$/, "letters and digits", "ReadUploads")),
  effect: optional(oneOf("Allow", "Deny")),
  actions: list(pattern(/^[a-z0-9-]+:[A-Za-z0-9*?]+$/, "an action of IAM", "s3:GetObject"), 1),
  resources: input(list(input(pattern(/^(\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$/, 'an ARN or "*"', "arn:aws:s3:::uploads/*")), 1)),
  conditions: optional(map(map(oneOrMore(input(scalar())), { name: keyComplaint }), { name: operatorComplaint })),
} satisfies ArgumentsOf<Statement>);

/** A policy has each sid once. */
function sidComplaint(statements: { sid?: string }[]): string | undefined {
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  const ready = [...RIGHTS.read, ...RIGHTS.write].map(({ sid }) => sid);
  const twin = sids.find((sid, i) => ready.includes(sid) || sids.indexOf(sid) < i);
  return twin && `${JSON.stringify(twin)} is the sid of another statement; give each its own, or none.`;
}

const access = (kind: Access) =>
  optional(list(input(text((arn) => accessComplaint(kind, arn), "arn:aws:sqs:eu-west-1:111122223333:jobs"))), []);

const entries = {
  read: access("read"),
  write: access("write"),
  statements: optional(list(statement, 0, sidComplaint), []),
} satisfies ArgumentsOf<Permissions>;
export const permissions = groupOr("statements", group(entries));
export type PermissionValues = Values<typeof entries>;

/** The rights of the app: those that are ready for what it reads and writes, and its own statements. */
export function permissionsPart({ read, write, statements }: PermissionValues, refuse: Refuse): TaskPart {
  return {
    taskRights: {
      statements: [...readyStatements("read", read, refuse), ...readyStatements("write", write, refuse), ...statements],
      named: [...(read.length > 0 ? [{ read }] : []), ...(write.length > 0 ? [{ write }] : []), ...statements],
    },
  };
}

/** A statement for each right on any of what is named; which they are may be known only later. */
function readyStatements(access: Access, given: pulumi.Input<string>[], refuse: Refuse): Statement[] {
  if (given.length === 0) return [];
  const arns = pulumi.all(given).apply((all) =>
    all.map((arn, i) => {
      const complaint = accessComplaint(access, arn);
      return complaint === undefined ? arn : refuse(["permissions", access, String(i)], complaint);
    }),
  );
  return RIGHTS[access].map((right) => ({
    sid: right.sid,
    actions: right.actions,
    resources: arns.apply((all) => all.flatMap((arn) => resourcesOf(right, access, arn))),
  }));
}
