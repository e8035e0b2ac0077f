import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An error that the scripted AWS answers with. */
export class Failure {
  constructor(
    readonly code: string,
    readonly message: string,
    readonly status = 400,
  ) {}
}

export type Input = Record<string, unknown>;
type Answer = object | Failure | ((input: Input) => object | Failure);

/** Per operation its answer, or a list of them: one a call, the last for all further calls. */
export type Script = Record<string, Answer | Answer[]>;

export interface Call {
  operation: string;
  input: Input;
  /** The action that IAM is asked for, such as `ecs:ListTasks`. */
  action: string;
  /** Access key and region of the request's signature. */
  accessKey: string | undefined;
  region: string | undefined;
}

/** Services whose name in a signature is not their prefix in IAM. */
const PREFIXES: Record<string, string> = { monitoring: "cloudwatch" };

/**
 * AWS over HTTP as a script plays it: the real SDK signs, serializes, retries and parses. Answers are written in the shape of the
 * API reference; an operation that is not in the script fails the call by its name.
 */
export class ScriptedAws {
  readonly calls: Call[] = [];
  private readonly counts = new Map<string, number>();
  private static readonly running = new Map<string, ScriptedAws>();

  private constructor(
    private readonly server: Server,
    private readonly script: Script,
  ) {}

  static async start(script: Script): Promise<ScriptedAws> {
    const server = createServer((request, response) => {
      void read(request).then((body) => {
        const { status, type, text } = aws.answer(request, body);
        response.writeHead(status, { "content-type": type }).end(text);
      });
    });
    const aws = new ScriptedAws(server, script);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ScriptedAws.running.set(aws.url, aws);
    return aws;
  }

  /** The one that answers at this address, if any does. */
  static at(url: string): ScriptedAws | undefined {
    return ScriptedAws.running.get(url);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The inputs that an operation was called with, in order. */
  inputs(operation: string): Input[] {
    return this.calls.filter((call) => call.operation === operation).map((call) => call.input);
  }

  async close(): Promise<void> {
    ScriptedAws.running.delete(this.url);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, body: string): { status: number; type: string; text: string } {
    const target = request.headers["x-amz-target"];
    const signed = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/.exec(request.headers.authorization ?? "") ?? [];
    if (typeof target === "string") {
      const operation = target.split(".").pop()!;
      const result = this.play(operation, JSON.parse(body || "{}") as Input, signed);
      const type = "application/x-amz-json-1.1";
      if (result instanceof Failure)
        return { status: result.status, type, text: JSON.stringify({ __type: result.code, message: result.message }) };
      return { status: 200, type, text: json(result) };
    }
    const type = "text/xml";
    const rest = body === "" ? restful(request.url ?? "") : undefined;
    const form = rest?.input ?? Object.fromEntries(new URLSearchParams(body));
    const operation = rest?.operation ?? String(form.Action ?? "(none)");
    const result = this.play(operation, form, signed);
    const isEc2 = signed[3] === "ec2";
    if (result instanceof Failure) {
      const error = { Error: { Type: "Sender", Code: result.code, Message: result.message } };
      const text = isEc2 ? `<Response>${xml({ Errors: error })}</Response>` : `<ErrorResponse>${xml(error)}</ErrorResponse>`;
      return { status: result.status, type, text };
    }
    if (isEc2) return { status: 200, type, text: `<${operation}Response>${xml(inEc2sWords(result), "item")}</${operation}Response>` };
    if (rest) return { status: 200, type, text: `<${operation}Response>${xml(result, "")}</${operation}Response>` };
    const text = `<${operation}Response><${operation}Result>${xml(result)}</${operation}Result></${operation}Response>`;
    return { status: 200, type, text };
  }

  private play(operation: string, input: Input, [, accessKey, region, service = "sts"]: string[]): object | Failure {
    this.calls.push({ operation, input, action: `${PREFIXES[service] ?? service}:${operation}`, accessKey, region });
    const entry = this.script[operation];
    if (entry === undefined) return new Failure("NotInTheScript", `the script has no answer for ${operation}`);
    const count = this.counts.get(operation) ?? 0;
    this.counts.set(operation, count + 1);
    const answer = Array.isArray(entry) ? entry[Math.min(count, entry.length - 1)]! : entry;
    return typeof answer === "function" ? (answer as (input: Input) => object | Failure)(input) : answer;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** AWS's JSON protocol writes a time as seconds. */
function json(value: object): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, shown: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : shown;
  });
}

/** What is asked by an address alone. */
const RESTFUL: [path: RegExp, operation: string][] = [
  [/\/hostedzonesbyname$/, "ListHostedZonesByName"],
  [/\/hostedzone\/([^/]+)\/rrset$/, "ListResourceRecordSets"],
  [/\/hostedzone\/([^/]+)$/, "GetHostedZone"],
];

function restful(url: string): { operation: string; input: Input } | undefined {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  for (const [path, operation] of RESTFUL) {
    const found = path.exec(pathname);
    if (found) return { operation, input: { ...Object.fromEntries(searchParams), ...(found[1] && { Id: found[1] }) } };
  }
  return undefined;
}

/** Names of lists that EC2 writes in a way of its own. */
const EC2_LISTS: Record<string, string> = { addresses: "addressesSet" };

/** EC2 writes names with a small letter, and a list as a set. */
function inEc2sWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inEc2sWords);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const small = key.charAt(0).toLowerCase() + key.slice(1);
    return [Array.isArray(item) ? (EC2_LISTS[small] ?? `${small.replace(/s$/, "")}Set`) : small, inEc2sWords(item)];
  });
  return Object.fromEntries(entries) as unknown;
}

/** What the query protocol writes as entries with a key and a value. */
const MAPS = ["SummaryMap"];
const entriesOf = (map: object) => ({ entry: Object.entries(map).map(([key, value]) => ({ key, value: value as unknown })) });

/** AWS's query protocol writes a list as members, EC2 as items, and REST under the name of one; a time is in ISO form. */
function xml(value: unknown, member = "member", name = ""): string {
  const one = member || name.replace(/s$/, "");
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<${one}>${xml(item, member)}</${one}>`).join("");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) =>
        key === "entry"
          ? (item as unknown[]).map((one) => `<entry>${xml(one, member)}</entry>`).join("")
          : `<${key}>${xml(MAPS.includes(key) ? entriesOf(item as object) : item, member, key)}</${key}>`,
      )
      .join("");
  }
  return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
