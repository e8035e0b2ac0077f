import { glob } from "../engine/glob";
import { parseJson } from "./json";
import { undecidable } from "./undecided";

/** A statement of an IAM policy document, every part as a list. */
export interface Statement {
  readonly effect: string;
  readonly actions: string[];
  readonly notActions: string[];
  readonly resources: string[];
  /** Values by kind (`Service`, `AWS`, `Federated`); the bare `*` is `{ "*": ["*"] }`. */
  readonly principals: Record<string, string[]>;
  /** Operator, then condition key, then values. */
  readonly conditions: Record<string, Record<string, string[]>>;
}

/** The statements of a policy document, given as JSON text or object. */
export function statements(document: unknown): Statement[] {
  const parsed = parseJson(document);
  if (!isObject(parsed)) undecidable("the policy document is not an object");
  return list(parsed.Statement).filter(isObject).map(statement);
}

/** The statements that grant something. */
export function grants(document: unknown): Statement[] {
  return statements(document).filter((s) => s.effect === "Allow");
}

/** True if the statement speaks to anyone, and no condition narrows it to an account, an organization or a source. */
export function isPublicStatement(s: Statement): boolean {
  const anyone = (s.principals["*"] ?? s.principals.AWS ?? []).includes("*");
  const narrows =
    /^(aws:(PrincipalOrgID|PrincipalOrgPaths|PrincipalAccount|PrincipalArn|SourceAccount|SourceOwner|SourceArn|SourceOrgID|SourceVpc|SourceVpce)|kms:CallerAccount)$/i;
  return anyone && !conditionKeys(s).some((key) => narrows.test(key));
}

/** True if a statement denies everyone what does not come over TLS. */
export function deniesPlainText(document: unknown): boolean {
  return statements(document).some(
    (s) =>
      s.effect === "Deny" &&
      Object.entries(s.conditions.Bool ?? {}).some(([key, v]) => key === "aws:SecureTransport" && v.includes("false")),
  );
}

/** The keys that the statement's conditions compare. */
export function conditionKeys(s: Statement): string[] {
  return Object.values(s.conditions).flatMap((c) => Object.keys(c));
}

/** True if one of these patterns grants that action. IAM ignores case in actions. */
export function covers(actions: readonly string[], action: string): boolean {
  return actions.some((a) => glob(a.toLowerCase(), action.toLowerCase()));
}

/** Each part is read when it is asked for: one that is not known yet hides none of the others. */
function statement(s: Record<string, unknown>): Statement {
  return {
    get effect() {
      return String(s.Effect);
    },
    get actions() {
      return list(s.Action).map(String);
    },
    get notActions() {
      return list(s.NotAction).map(String);
    },
    get resources() {
      return list(s.Resource).map(String);
    },
    get principals() {
      const principal = s.Principal ?? {};
      return isObject(principal) ? lists(principal) : { "*": list(principal).map(String) };
    },
    get conditions() {
      const given = Object.entries(isObject(s.Condition) ? s.Condition : {});
      return Object.fromEntries(given.map(([operator, c]) => [operator, isObject(c) ? lists(c) : {}]));
    },
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.map((v: unknown) => v) : value === undefined || value === null ? [] : [value];
}

function lists(object: Record<string, unknown>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(object).map(([k, v]) => [k, list(v).map(String)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
