// What lies around a service: whom it calls, and which security-group rules open the way. Calls are named after the constructors, so what they mean for the
// containers and for ECS is data that is known when the program next yields.
import type * as pulumi from "@pulumi/pulumi";
import { SECURITY_GROUP } from "../base/arguments";
import * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import { group, integer, other, parse } from "../base/schema";
import { address, type Endpoint } from "./connect";

/** What stands at the other end of a rule, beside a service: a security group by itself or by its id. */
export type OtherGroup = aws.ec2.SecurityGroup | pulumi.Input<string>;

/** The names that are taken in the namespace of a cluster, and by which service. */
const taken = new WeakMap<object, Map<string, string>>();

/** Takes a name in the namespace of a cluster. Returns the service that has it already, if one does. */
export function takeName(cluster: object, name: string, service: string): string | undefined {
  const names = taken.get(cluster) ?? new Map<string, string>();
  taken.set(cluster, names);
  const other = names.get(name);
  if (other === undefined) names.set(name, service);
  return other;
}

/** Rules between two groups, and what they are called. */
interface Way {
  rules: pulumi.Resource[];
  called: string;
}

/** The ways between a service's group and others, by direction and port: tasks in bridge mode share a group, and AWS takes each rule once. */
const ways = new WeakMap<object, Map<string, Map<unknown, Way>>>();

let made = 0;

/** Ports of a task, or in bridge mode of the instances. */
export interface Ports {
  fromPort: number;
  toPort: number;
}

/** What a rule says beside its group and the one at the other end. */
type Rule = aws.vpc.SecurityGroupIngressRuleArgs & aws.vpc.SecurityGroupEgressRuleArgs;

/** A service as its neighbors see it. */
export interface Self {
  label: string;
  cluster: object;
  /** The name under which others call it. */
  endpoint?: Endpoint;
  /** Where their proxies reach its tasks. */
  ports: Ports;
  /** Whether Docker chooses the ports. */
  inBridgeMode: boolean;
  /** The group of its tasks. */
  group(): aws.ec2.SecurityGroup;
  /** Makes a rule that lets something in. */
  allowIngress(suffix: string, rule: Rule): pulumi.Resource;
  /** Makes a rule that lets its tasks out, where not everything may go out anyway. */
  allowEgress?(suffix: string, rule: Rule): pulumi.Resource;
  /** Makes room for the proxy of a caller. */
  addProxy(): void;
  refuse: Refuse;
}

const WAY = group({
  group: other<Neighbors | OtherGroup>((given) =>
    typeof given === "string" && !SECURITY_GROUP.test(given)
      ? `${JSON.stringify(given)} is not the id of a security group; write one like "sg-0123456789abcdef0".`
      : undefined,
  ),
  port: integer(1, 65535),
});

/** The neighbors of one service. */
export class Neighbors {
  /** The aws.ecs.Service that callers wait for. */
  service?: pulumi.Resource;
  /** Rules that the service's start waits for. */
  readonly rules = new Set<pulumi.Resource>();
  private readonly order = made++;
  private readonly callees = new Set<Neighbors>();
  private isOpen = true;
  private readonly closed = Promise.resolve().then(() => {
    this.isOpen = false;
  });

  constructor(private readonly self: Self) {}

  /** What is known when the program next yields. */
  later<T>(read: () => T): Promise<T> {
    return this.closed.then(read);
  }

  /** Whether it has a proxy: because others call it, or because it calls them. */
  get isConnected(): boolean {
    return this.self.endpoint !== undefined || this.callees.size > 0;
  }

  /** Calls another service by its name. */
  call(callee: Neighbors): void {
    this.checkOpen("calls");
    const { label, endpoint, cluster, ports } = callee.self;
    if (callee === this) this.self.refuse("calls", "a service does not call itself by its name; leave it out.");
    if (!endpoint) this.self.refuse("calls", `${label} has no name in the namespace: give it connect: true.`);
    if (cluster !== this.self.cluster)
      this.self.refuse(
        "calls",
        `${label} runs on another cluster, and its name is one of that cluster's namespace; put both on one cluster.`,
      );
    if (!this.isConnected) this.self.addProxy();
    this.callees.add(callee);
    this.openTo(callee, ports);
  }

  /** Reaches a group, or another service, on a port. */
  allowTo(other: Neighbors | OtherGroup, port: number): void {
    this.check("allowTo", other, port);
    if (other instanceof Neighbors && other.self.inBridgeMode)
      this.self.refuse(
        "allowTo",
        `${other.self.label} is in bridge mode, where Docker chooses the ports on the instance; use calls, or awsvpc.`,
      );
    this.openTo(other, { fromPort: port, toPort: port });
  }

  /** Is reached by a group, or another service, on a port. */
  allowFrom(other: Neighbors | OtherGroup, port: number): void {
    if (other instanceof Neighbors) {
      other.allowTo(this, port);
      return;
    }
    this.check("allowFrom", other, port);
    if (this.self.inBridgeMode) this.self.refuse("allowFrom", "in bridge mode Docker chooses the ports on the instance; use awsvpc.");
    const [inside, outside] = [this.self.group().id, idOf(other)];
    const description = `Requests to service ${this.self.label}`;
    const rules = this.open("from", port, other, "", (suffix) => [
      this.self.allowIngress(suffix, rule(inside, outside, { fromPort: port, toPort: port }, description)),
    ]);
    for (const each of rules) this.rules.add(each);
  }

  /** The variables that tell where the called services are. */
  addresses(): Record<string, string> {
    return Object.fromEntries([...this.callees].flatMap(({ self: { endpoint } }) => (endpoint ? [address(endpoint)] : [])));
  }

  /**
   * The called services that must be there first: a task knows the names that its namespace has when it is deployed. Of services that call each other in a
   * circle, only those made later wait.
   */
  before(): pulumi.Resource[] {
    return [...this.callees].flatMap((callee) => (callee.service && !this.isBefore(callee) ? [callee.service] : []));
  }

  /** The called services that are deployed after this one, because they call it back. */
  after(): string[] {
    return [...this.callees].filter((callee) => this.isBefore(callee)).map(({ self }) => self.label);
  }

  private isBefore(callee: Neighbors): boolean {
    return this.order < callee.order && callee.reaches(this);
  }

  private reaches(other: Neighbors, seen = new Set<Neighbors>()): boolean {
    if (this === other) return true;
    if (seen.has(this)) return false;
    seen.add(this);
    return [...this.callees].some((callee) => callee.reaches(other, seen));
  }

  /** Refuses what would come too late for this update. */
  private checkOpen(method: string): void {
    if (!this.isOpen)
      this.self.refuse(
        method,
        "the service is on its way to AWS already; call this right after the services are made, with no await between.",
      );
  }

  private check(method: string, group: Neighbors | OtherGroup, port: number): void {
    this.checkOpen(method);
    const [wrong] = parse(WAY, { group, port }).complaints;
    if (wrong) this.self.refuse([method, ...wrong.path], wrong.text);
  }

  /** The rules from this service's group to another: one that lets it in there, and one that lets it out here, where that is needed. */
  private openTo(other: Neighbors | OtherGroup, ports: Ports): void {
    const [group, name] = other instanceof Neighbors ? [other.self.group(), `${other.self.label}-`] : [other, ""];
    const [inside, outside] = [idOf(group), this.self.group().id];
    // Named by the port: a changed one has rules of its own beside the old, which go when the tasks that serve on it are gone, at the end of the update.
    const rules = this.open("to", ports.fromPort, group, name, (suffix) => [
      this.self.allowIngress(suffix, rule(inside, outside, ports, `Requests from service ${this.self.label}`)),
      ...(this.self.allowEgress
        ? [this.self.allowEgress(suffix, rule(outside, inside, ports, `Requests of service ${this.self.label}`))]
        : []),
    ]);
    for (const each of rules) {
      this.rules.add(each);
      // A service whose port has changed is reached on the new one before its tasks listen there.
      if (other instanceof Neighbors) other.rules.add(each);
    }
  }

  /** The rules between the service's group and another, made once for each direction and port. */
  private open(direction: "to" | "from", port: number, other: unknown, name: string, make: (suffix: string) => pulumi.Resource[]) {
    const group = this.self.group();
    const known = ways.get(group) ?? new Map<string, Map<unknown, Way>>();
    ways.set(group, known);
    const others = known.get(`${direction} ${port}`) ?? new Map<unknown, Way>();
    known.set(`${direction} ${port}`, others);
    const called = `${direction}-${name}${port}`;
    const twins = [...others.values()].filter((way) => way.called === called).length;
    const way = others.get(other) ?? { called, rules: make(twins === 0 ? called : `${called}-${twins + 1}`) };
    others.set(other, way);
    return way.rules;
  }
}

const idOf = (given: OtherGroup): pulumi.Input<string> => (given instanceof aws.ec2.SecurityGroup ? given.id : given);

const rule = (
  securityGroupId: pulumi.Input<string>,
  referencedSecurityGroupId: pulumi.Input<string>,
  ports: Ports,
  description: string,
): Rule => ({
  ipProtocol: "tcp",
  ...ports,
  securityGroupId,
  referencedSecurityGroupId,
  description,
});
