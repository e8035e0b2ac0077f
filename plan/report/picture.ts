import type { Json, Resource } from "../../facts/graph";
import {
  AUTO_SCALING_GROUP,
  type ByType,
  CLUSTER,
  DAEMON,
  DAEMON_TASK_DEFINITION,
  ENDPOINT,
  entryOf,
  IMAGE,
  INGRESS_RULE,
  LISTENER,
  LISTENER_RULE,
  LOAD_BALANCER,
  LOG_GROUP,
  NAT_GATEWAY,
  NETWORK_INTERFACE,
  SCHEDULE,
  SECURITY_GROUP,
  SERVICE,
  SUBNET,
  TARGET_GROUP,
  TARGET_GROUP_ATTACHMENT,
  TASK_DEFINITION,
  VPC,
  WEB_ACL_ASSOCIATION,
} from "../../facts/types";
import { known } from "../../policy/graph/undecided";
import { range } from "../cost/amounts";
import { number, object, objects, Query, text } from "../graph/query";
import { type ServiceFacts, serviceFacts } from "../graph/services";

/** An architecture diagram, drawn from the graph: what a request meets, and what the tasks need. */
export interface Picture {
  nodes: PictureNode[];
  edges: PictureEdge[];
  groups: PictureGroup[];
}

export interface PictureNode {
  id: string;
  /** Its name in the program. */
  title: string;
  /** What it is, and its size. */
  detail: string[];
  kind: "outside" | "traffic" | "compute" | "data";
  group?: string;
}

export interface PictureEdge {
  from: string;
  to: string;
  label: string;
}

export interface PictureGroup {
  id: string;
  title: string;
  parent?: string;
}

const INTERNET = "internet";
/** The internet again, for what goes out: the picture then flows in one direction. */
const OUTSIDE = "outside";
/** What another stack has made. */
const ELSEWHERE = "elsewhere";

/** Types that are drawn because a service, or another drawn resource, depends on them. */
const DRAWN: ByType<{ what: string; kind: PictureNode["kind"] }> = {
  "aws:secretsmanager/secret:Secret": { what: "secret", kind: "data" },
  "aws:ssm/parameter:Parameter": { what: "parameter", kind: "data" },
  "aws:s3/bucket:Bucket": { what: "bucket", kind: "data" },
  "aws:dynamodb/table:Table": { what: "table", kind: "data" },
  "aws:elasticache/cluster:Cluster": { what: "cache", kind: "data" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { what: "cache", kind: "data" },
  "aws:elasticache/serverlessCache:ServerlessCache": { what: "cache", kind: "data" },
  "aws:rds/instance:Instance": { what: "database", kind: "data" },
  "aws:rds/cluster:Cluster": { what: "database", kind: "data" },
  "aws:sqs/queue:Queue": { what: "queue", kind: "data" },
  "aws:sns/topic:Topic": { what: "topic", kind: "data" },
  "aws:efs/fileSystem:FileSystem": { what: "file system", kind: "data" },
  [AUTO_SCALING_GROUP]: { what: "EC2 instances", kind: "compute" },
};

/** What every service has its own of: a line in its box. */
const NOTED: ByType<(resource: Resource) => string> = {
  [LOG_GROUP]: ({ inputs }) =>
    orUnknown("retention of logs", () => {
      const days = number(inputs.retentionInDays) ?? 0;
      return days === 0 ? "logs kept forever" : `logs for ${days} days`;
    }),
  [IMAGE]: ({ inputs }) => ["image", ...(known(() => strings(inputs.platforms).slice(0, 1)) ?? [])].join(" "),
};

/** True for a type that has a box of its own in the picture, a line in one, or a frame. */
export function isDrawn(type: string): boolean {
  const boxes: string[] = [LOAD_BALANCER, NAT_GATEWAY, NETWORK_INTERFACE, ENDPOINT, SERVICE, DAEMON, SCHEDULE, VPC];
  return boxes.includes(type) || entryOf(DRAWN, type) !== undefined || entryOf(NOTED, type) !== undefined;
}

export function pictureOf(resources: readonly Resource[]): Picture {
  const graph = new Query(resources);
  const picture = new Drawing(graph);
  picture.addNetwork();
  for (const balancer of graph.ofType(LOAD_BALANCER)) picture.addBalancer(balancer);
  const services = serviceFacts(graph);
  for (const service of services) picture.addService(service);
  picture.addCalls(services.map(({ resource }) => resource));
  for (const daemon of graph.ofType(DAEMON)) picture.addDaemon(daemon);
  for (const schedule of graph.ofType(SCHEDULE)) picture.addSchedule(schedule);
  return picture.finish();
}

class Drawing {
  private readonly nodes = new Map<string, PictureNode>();
  private readonly edges = new Map<string, PictureEdge>();
  private readonly groups = new Map<string, PictureGroup>();

  constructor(private readonly graph: Query) {}

  finish(): Picture {
    // A group that nothing lies in would be an empty box.
    const used = new Set([...this.nodes.values()].flatMap(({ group }) => group ?? []));
    const groups = [...this.groups.values()].filter(
      ({ id }) => used.has(id) || [...this.groups.values()].some(({ id: inner, parent }) => parent === id && used.has(inner)),
    );
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()], groups };
  }

  addNetwork(): void {
    for (const vpc of this.graph.ofType(VPC)) {
      const range = known(() => text(vpc.inputs.cidrBlock)) ?? "";
      this.groups.set(vpc.urn, { id: vpc.urn, title: `VPC ${vpc.name} ${range}`.trim() });
    }
    // An interface that passes on what is for others is that of an instance in place of a gateway.
    const instances = this.graph.ofType(NETWORK_INTERFACE).filter(({ inputs }) => inputs.sourceDestCheck === false);
    const gateways = [...this.graph.ofType(NAT_GATEWAY), ...instances];
    const [first] = gateways;
    if (first) {
      const group = this.subnetsOf(this.graph.from(first, "subnetId", SUBNET)) ?? this.graph.from(first, "vpcId", VPC)[0]?.urn;
      this.add({
        id: NAT_GATEWAY,
        title: gateways.length === 1 ? first.name : `${gateways.length} NAT gateways`,
        detail: [instances.length > 0 ? "NAT instance" : "NAT"],
        kind: "traffic",
        group,
      });
      this.connect(NAT_GATEWAY, this.internet(OUTSIDE), "");
    }
    const endpoints = this.graph.ofType(ENDPOINT);
    const [endpoint] = endpoints;
    if (endpoint) {
      const services = endpoints.map(
        ({ inputs, name }) => known(() => text(inputs.serviceName))?.replace(/^com\.amazonaws\.[a-z0-9-]+\./, "") ?? name,
      );
      this.add({
        id: ENDPOINT,
        title: "endpoints",
        detail: [services.join(", ")],
        kind: "traffic",
        group: this.graph.from(endpoint, "vpcId", VPC)[0]?.urn,
      });
    }
  }

  addBalancer(balancer: Resource): void {
    const listeners = this.graph.using(balancer, "loadBalancerArn", LISTENER);
    const ports = listeners
      .map(({ inputs }) => orUnknown("port", () => `${text(inputs.protocol) ?? "HTTP"} ${number(inputs.port) ?? 80}`))
      .sort();
    const internal = known(() => balancer.inputs.internal === true) ?? false;
    const isNetwork = known(() => text(balancer.inputs.loadBalancerType) === "network") ?? false;
    const subnets = ["subnets", "subnetMappings"].flatMap((key) => this.graph.from(balancer, key, SUBNET));
    const group = this.subnetsOf(subnets);
    this.add({
      id: balancer.urn,
      title: balancer.name,
      detail: [
        `${internal ? "internal " : ""}${isNetwork ? "network " : ""}load balancer`,
        ...(this.graph.using(balancer, "resourceArn", WEB_ACL_ASSOCIATION).length > 0 ? ["behind a web ACL (WAF)"] : []),
      ],
      kind: "traffic",
      group,
    });
    if (!internal) this.connect(this.internet(), balancer.urn, ports.join(", "));
    // A load balancer that has another one for a target.
    for (const listener of listeners)
      for (const group of this.graph.from(listener, "defaultActions", TARGET_GROUP))
        for (const attachment of this.graph.using(group, "targetGroupArn", TARGET_GROUP_ATTACHMENT))
          for (const behind of this.graph.from(attachment, "targetId", LOAD_BALANCER))
            this.connect(balancer.urn, behind.urn, connections(listener));
    this.addDrawn(balancer, "writes");
  }

  addService(facts: ServiceFacts): void {
    const { resource, urn, name } = facts;
    const subnets = this.graph.from(resource, "networkConfiguration", SUBNET);
    this.add({
      id: urn,
      title: name,
      detail: [
        orUnknown("launch type", () => `${facts.launch === "ec2" ? "EC2" : "Fargate"} service`),
        orUnknown("number of tasks", () => range(facts.min, facts.max, "task")),
        orUnknown("size", () => `${facts.size.cpu / 1024} vCPU, ${facts.size.memory / 1024} GB`),
      ],
      kind: "compute",
      group: this.subnetsOf(subnets),
    });
    for (const { balancer, label } of this.routesTo(resource)) this.connect(balancer ?? this.elsewhere(), urn, label);
    this.addDrawn(resource, "");
    if (facts.taskDefinition) this.addDrawn(facts.taskDefinition, "", urn);
    if (this.nodes.has(NAT_GATEWAY) && known(() => facts.publicIp) !== true) this.connect(urn, NAT_GATEWAY, "");
    if (this.nodes.has(ENDPOINT)) this.connect(urn, ENDPOINT, "");
  }

  /** Which service reaches which: by a security-group rule that lets the tasks of one in to those of another. */
  addCalls(services: Resource[]): void {
    const byGroup = new Map<string, Resource[]>();
    for (const service of services)
      for (const { urn } of this.graph.from(service, "networkConfiguration", SECURITY_GROUP))
        byGroup.set(urn, [...(byGroup.get(urn) ?? []), service]);
    const behind = (rule: Resource, end: string) => this.graph.from(rule, end, SECURITY_GROUP).flatMap(({ urn }) => byGroup.get(urn) ?? []);
    for (const rule of this.graph.ofType(INGRESS_RULE)) {
      const label = orUnknown("port", () => `port ${number(rule.inputs.fromPort) ?? "any"}`);
      for (const caller of behind(rule, "referencedSecurityGroupId"))
        for (const called of behind(rule, "securityGroupId")) if (caller !== called) this.connect(caller.urn, called.urn, label);
    }
  }

  addDaemon(daemon: Resource): void {
    this.add({ id: daemon.urn, title: daemon.name, detail: ["daemon", "once on each instance"], kind: "compute" });
    for (const task of this.graph.from(daemon, "daemonTaskDefinitionArn", DAEMON_TASK_DEFINITION)) this.addDrawn(task, "", daemon.urn);
  }

  addSchedule(schedule: Resource): void {
    this.add({
      id: schedule.urn,
      title: schedule.name,
      detail: ["schedule", orUnknown("time", () => text(schedule.inputs.scheduleExpression) ?? "")].filter(Boolean),
      kind: "compute",
    });
    for (const task of this.graph.from(schedule, "target", TASK_DEFINITION)) this.addDrawn(task, "", schedule.urn);
  }

  /** The load balancers that send requests to a service, and which requests; one of another stack has no URN here. */
  private routesTo(service: Resource): { balancer?: string; label: string }[] {
    const ports = known(() => objects(service.inputs.loadBalancers).map(({ containerPort }) => number(containerPort))) ?? [];
    return this.graph.from(service, "loadBalancers", TARGET_GROUP).flatMap((group) => {
      // Of several ports each has its own target group.
      const port = ports.length === 1 ? ports[0] : known(() => number(group.inputs.port));
      const rules = this.graph.using(group, "actions", LISTENER_RULE);
      const direct = this.graph.using(group, "defaultActions", LISTENER).map((listener) => ({ listener, label: connections(listener) }));
      const byRule = rules.flatMap((rule) =>
        this.graph
          .from(rule, "listenerArn", LISTENER)
          .map((listener) => ({ listener, label: orUnknown("conditions", () => conditions(rule)) })),
      );
      const toPort = (label: string) => (port === undefined ? label : `${label} to port ${port}`);
      const foreign = rules.filter((rule) => this.graph.from(rule, "listenerArn", LISTENER).length === 0);
      return [
        ...[...byRule, ...direct].flatMap(({ listener, label }) =>
          this.graph.from(listener, "loadBalancerArn", LOAD_BALANCER).map(({ urn }) => ({ balancer: urn, label: toPort(label) })),
        ),
        ...foreign.map((rule) => ({ label: toPort(orUnknown("conditions", () => conditions(rule))) })),
      ];
    });
  }

  /** Draws what a resource depends on, through whatever lies between: an image through the task definition, a table through an IAM policy. */
  private addDrawn(resource: Resource, label: string, from = resource.urn): void {
    const seen = new Set<string>();
    const walk = (urn: string) => {
      const found = this.graph.get(urn);
      if (!found || seen.has(urn)) return;
      seen.add(urn);
      const noted = entryOf(NOTED, found.type);
      if (noted) {
        this.note(from, noted(found));
        return;
      }
      const drawn = entryOf(DRAWN, found.type);
      if (!drawn) {
        // Another drawn box draws its own dependencies, and what a cluster has is not one service's.
        if (![LOAD_BALANCER, SERVICE, CLUSTER].includes(found.type)) found.dependencies.forEach(walk);
        return;
      }
      this.add({ id: found.urn, title: found.name, detail: [drawn.what], kind: drawn.kind });
      this.connect(from, found.urn, label);
    };
    resource.dependencies.forEach(walk);
  }

  /** The load balancer of another stack. */
  private elsewhere(): string {
    this.add({ id: ELSEWHERE, title: "load balancer", detail: ["shared, of another stack"], kind: "traffic" });
    return ELSEWHERE;
  }

  private internet(id = INTERNET): string {
    this.add({ id, title: "Internet", detail: [], kind: "outside" });
    return id;
  }

  /** The group for resources in these subnets: all of them together, public or private. */
  private subnetsOf(subnets: Resource[]): string | undefined {
    const [first] = subnets;
    const vpc = first && this.graph.from(first, "vpcId", VPC)[0]?.urn;
    if (!vpc) return undefined;
    const type = text(object(first.inputs.tags).SubnetType);
    const id = `${vpc} ${type ?? "subnets"}`;
    this.groups.set(id, {
      id,
      title: `${type ? `${type.toLowerCase()} ` : ""}subnets in ${range(subnets.length, subnets.length, "zone")}`,
      parent: vpc,
    });
    return id;
  }

  private add(node: PictureNode): void {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
  }

  private note(id: string, text: string): void {
    const node = this.nodes.get(id);
    if (node && !node.detail.includes(text)) node.detail.push(text);
  }

  private connect(from: string, to: string, label: string): void {
    const key = `${from} ${to}`;
    const before = this.edges.get(key);
    if (!before) this.edges.set(key, { from, to, label });
    else if (label !== "" && !before.label.split(", ").includes(label)) before.label = `${before.label}, ${label}`;
  }
}

/** What a listener without rules takes: every request, or the connections to its port. */
const connections = ({ inputs }: Resource): string => {
  const protocol = text(inputs.protocol) ?? "HTTP";
  return protocol.startsWith("HTTP") ? "/*" : orUnknown("port", () => `${protocol} ${number(inputs.port)}`);
};

/** What a route's rule asks of a request: `api.example.com/v1/* (x-preview: yes)`. */
function conditions(rule: Resource): string {
  const given = objects(rule.inputs.conditions);
  const values = (kind: string) => given.flatMap((condition) => strings(object(condition[kind]).values)).join(" or ");
  const headers = given.flatMap(({ httpHeader }) => {
    const header = object(httpHeader);
    return httpHeader === undefined ? [] : [` (${text(header.httpHeaderName) ?? "header"}: ${strings(header.values).join(" or ")})`];
  });
  return `${values("hostHeader")}${values("pathPattern")}${headers.join("")}`.trim() || "every request";
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** What is drawn, or that it is not known before the deploy. */
function orUnknown(what: string, read: () => string): string {
  return known(read) ?? `${what} unknown`;
}
