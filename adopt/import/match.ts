// Which resource of the program is which of those that AWS describes: by the reader's word, by their names, and then by what they refer to.
import type { Json, JsonObject, RecordedResource } from "../../facts/graph";
import { NAMES } from "../../facts/names";
import type { ByType } from "../../facts/types";
import * as types from "../../facts/types";
import { computeState } from "../../plan/record/mocks";
import type { Location } from "../../plan/record/region";
import { diff, isMap, unpack } from "../../plan/update/diff";
import { keyOf } from "../../plan/update/order/match";
import { mapTexts, PhysicalNames } from "../../plan/update/order/physical";
import { replacersOf } from "../../plan/update/replacement";
import type { Described } from "./described";

const RULE = ["ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** Inputs in which two of one owner differ: another value is another thing, which stays beside the one that the program makes. */
const SAME: ByType<string[]> = {
  "aws:appautoscaling/policy:Policy": ["policyType"],
  "aws:cloudwatch/eventRule:EventRule": ["eventPattern"],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": ["pattern"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["metricName", "namespace", "dimensions"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn"],
  // What tasks that run are permitted stays until they are gone.
  "aws:iam/rolePolicy:RolePolicy": ["policy"],
  "aws:lb/listener:Listener": ["port"],
  "aws:route53/record:Record": ["type"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": RULE,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": RULE,
};

/** What others refer to. If there is one in AWS and one in the program, it is that one. */
const ROOTS: readonly string[] = [types.SERVICE, types.CLUSTER, types.LOAD_BALANCER, types.VPC, "aws:ecr/repository:Repository"];

const TOKEN = /⟦([^⟧]+)⟧\.([\w.]+)/g;

/** What AWS describes of the resources of a program, by URN. What is in neither map has no counterpart. */
export function matchDescribed(planned: RecordedResource[], described: readonly Described[], place: Location): Map<string, Described> {
  const matcher = new Matcher(planned, described, place);
  matcher.run();
  return new Map([...matcher.pairs].map(([resource, its]) => [resource.urn, its]));
}

class Matcher {
  readonly pairs = new Map<RecordedResource, Described>();
  private readonly taken = new Set<Described>();
  /** The inputs, with the names of others as `⟦who⟧.what`. */
  private readonly inputs = new Map<RecordedResource, JsonObject>();
  private readonly byKey: Map<string, RecordedResource>;
  private readonly open: RecordedResource[];

  constructor(
    planned: RecordedResource[],
    private readonly described: readonly Described[],
    private readonly place: Location,
  ) {
    const readable = PhysicalNames.of(planned, place).readable(planned.map(({ inputs }) => inputs)) as JsonObject[];
    for (const [i, one] of planned.entries()) this.inputs.set(one, readable[i]!);
    this.byKey = new Map(planned.map((one) => [keyOf(one.urn), one]));
    this.open = planned.filter(({ custom, read, provider }) => custom && !read && provider === undefined);
  }

  run(): void {
    this.byNames();
    while (this.byReferences() || this.byOwners() || this.byRoots());
  }

  /** By what the reader knows, by the same name in AWS, and by the name that Pulumi makes of the program's. */
  private byNames(): void {
    const ways: ((one: RecordedResource, its: Described) => boolean)[] = [
      ({ name }, its) => name === its.name,
      (one, its) => nameIn(one) !== undefined && nameIn(one) === nameIn(its),
      ({ name }, its) =>
        nameIn(its)
          ?.replace(/^alias\//, "")
          .replace(/-[0-9a-f]{7}$/, "") === name,
    ];
    for (const isIt of ways)
      for (const one of this.open) {
        const found = this.candidates(one).filter((its) => isIt(one, its));
        if (found.length === 1) this.pair(one, found[0]!);
      }
  }

  /** What a matched resource refers to is what its counterpart refers to at the same place. */
  private byReferences(): boolean {
    const before = this.pairs.size;
    for (const [one, its] of this.pairs) {
      const texts = leavesOf(its.inputs);
      for (const [path, text] of leavesOf(this.inputs.get(one)!)) {
        const [token, who = "", key = ""] = /^⟦([^⟧]+)⟧\.([\w.]+)$/.exec(String(text)) ?? [];
        const other = this.byKey.get(who);
        if (token === undefined || other === undefined) continue;
        const there = texts.filter(([place]) => place === path).map(([, value]) => value);
        const named = this.candidates(other).filter((one) => there.some((text) => text === this.valueOf(other, one, key)));
        if (named.length > 0) this.pair(other, this.best(other, named)!);
      }
    }
    return this.pairs.size > before;
  }

  /** What belongs to a matched resource, the most alike first. */
  private byOwners(): boolean {
    const found = this.open.flatMap((one) =>
      this.candidates(one)
        .filter((its) => this.isOwned(one, its))
        .map((its) => ({ one, its, likeness: this.likeness(one, its) })),
    );
    found.sort((a, b) => b.likeness - a.likeness);
    for (const { one, its } of found) this.pair(one, its);
    return found.length > 0;
  }

  private byRoots(): boolean {
    for (const type of ROOTS) {
      const [one, another] = this.open.filter((resource) => resource.type === type && !this.pairs.has(resource));
      if (!one || another) continue;
      const found = this.candidates(one);
      if (found.length === 1) return this.pair(one, found[0]!);
    }
    return false;
  }

  private pair(one: RecordedResource, its: Described): boolean {
    if (this.pairs.has(one) || this.taken.has(its)) return false;
    this.pairs.set(one, its);
    this.taken.add(its);
    return true;
  }

  /** Those of the type that nothing says are others. */
  private candidates(one: RecordedResource): Described[] {
    if (this.pairs.has(one)) return [];
    return this.described.filter((its) => its.type === one.type && !this.taken.has(its) && !this.isAnother(one, its));
  }

  private best = (one: RecordedResource, those: Described[]): Described | undefined =>
    those.reduce((a, b) => (this.likeness(one, b) > this.likeness(one, a) ? b : a));

  /** Whether it belongs to something else, or is another thing of the same owner. */
  private isAnother(one: RecordedResource, its: Described): boolean {
    const inputs = this.inputs.get(one)!;
    const owners = this.ownersOf(one).some((key) => {
      const value = this.resolved(inputs[key]);
      return value !== undefined && its.inputs[key] !== undefined && value !== its.inputs[key];
    });
    const isOther = (types.entryOf(SAME, one.type) ?? []).some((key) => {
      const value = inputs[key] === undefined ? undefined : this.resolved(inputs[key]);
      return (inputs[key] !== undefined && value === undefined) || diff(value, its.inputs[key], key).length > 0;
    });
    if (owners || isOther || one.type !== types.LISTENER_RULE) return owners || isOther;
    const texts = new Set(leavesOf(its.inputs).map(([, text]) => text));
    // Of several rules of a listener, those that lead to the same target group.
    return leavesOf(inputs).some(
      ([path, text]) => path.endsWith("rn") && String(text).includes("⟦") && !texts.has(this.resolved(text) as string),
    );
  }

  private isOwned(one: RecordedResource, its: Described): boolean {
    const inputs = this.inputs.get(one)!;
    const owners = this.ownersOf(one);
    return owners.length > 0 && owners.every((key) => this.resolved(inputs[key]) === its.inputs[key]);
  }

  /** The inputs that name the resource that it belongs to. */
  private ownersOf = ({ type, inputs, propertyDependencies }: RecordedResource): string[] =>
    replacersOf(type).filter((key) => typeof inputs[key] === "string" && (propertyDependencies[key] ?? []).length > 0);

  /** How many values are the same. */
  private likeness(one: RecordedResource, its: Described): number {
    const there = new Set(leavesOf(its.inputs).map(([path, value]) => `${path} ${String(value)}`));
    return leavesOf(this.inputs.get(one)!).filter(([path, value]) =>
      there.has(`${path} ${String((this.resolved(value) as Leaf | undefined) ?? value)}`),
    ).length;
  }

  /** A value with AWS's names in place of the planner's; undefined where one is not known yet. */
  private resolved(value: Json | undefined): Json | undefined {
    let isKnown = value !== undefined;
    const made = mapTexts(value ?? null, (text) =>
      text.replace(TOKEN, (token, who: string, key: string) => {
        const other = this.byKey.get(who);
        const its = other && this.pairs.get(other);
        const real = its && this.valueOf(other, its, key);
        if (typeof real !== "string") isKnown = false;
        return typeof real === "string" ? real : token;
      }),
    );
    return isKnown ? made : undefined;
  }

  /** What AWS computed of a resource. */
  private valueOf(one: RecordedResource, its: Described, key: string): Json | undefined {
    return key === "id" ? providerId(one, its, this.place) : (at(its.outputs, key) ?? at(its.inputs, key));
  }
}

const at = (value: JsonObject, path: string): Json | undefined =>
  path
    .split(".")
    .reduce<Json | undefined>(
      (inner, key) => (inner === null || typeof inner !== "object" ? undefined : (inner as JsonObject)[key]),
      value,
    );

/** The id that the provider keeps, which is not always the one that an import takes: that of a cluster is its ARN, and the import takes its name. */
export function providerId({ urn, type, name, inputs }: RecordedResource, its: Described, place: Location): string {
  const { id, state } = computeState({ urn, type, name, inputs, place });
  const key = Object.keys(state).find((one) => state[one] === id);
  const real = (key === undefined ? undefined : (its.outputs[key] ?? its.inputs[key])) ?? its.outputs.id;
  return typeof real === "string" ? real : its.id;
}

function nameIn({ type, inputs }: { type: string; inputs: JsonObject }): string | undefined {
  const name = inputs[types.entryOf(NAMES, type)?.key ?? "name"];
  return typeof name === "string" ? name : undefined;
}

type Leaf = null | boolean | number | string;

/** All values with where they stand, entries of lists at one place; what is JSON in a text is read. */
function leavesOf(value: Json, path = ""): [path: string, value: Leaf][] {
  const inner = unpack(value);
  if (Array.isArray(inner)) return inner.flatMap((item) => leavesOf(item, path));
  if (!isMap(inner)) return [[path, inner as Leaf]];
  return Object.entries(inner).flatMap(([key, item]) => leavesOf(item, path === "" ? key : `${path}.${key}`));
}
