// A service that runs, as settings: what ECS says of it, and with what is known beside that, how requests come to it.
import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsVpcConfiguration, LoadBalancer, Service, Tag } from "@aws-sdk/client-ecs";
import { nameOf, readArn } from "../../facts/arns";
import { dnsLabel } from "../../facts/domain";
import { partitionOf } from "../../facts/regions";
import type { Place } from "../../facts/secrets";
import { type Ledger, type Path, showField } from "../ledger";
import { computeOf, type Providers, translateCapacity } from "./capacity";
import { type Registry, translateConnect, translateDeployments, translateRegistries } from "./connect";
import type { TaggedTask } from "./documents";
import { translateLogGroup } from "./logs";
import { Part, sameAll } from "./part";
import { type Ports, portsOf, translatePorts } from "./ports";
import { translateRollout } from "./rollout";
import { type ScalingOf, translateScaling } from "./scaling";
import { appOf, translateTask } from "./task";
import { type Leading, leaveRule, ownRule, protocolOf, type Targets, translateRule, translateTargets } from "./traffic";

/** What is known of a service. What nobody could read is absent. */
export interface Known {
  task: TaggedTask;
  service?: Service;
  /** The VPC of its subnets. */
  vpcId?: string;
  providers?: Providers;
  /** By ARN. */
  targets?: ReadonlyMap<string, Targets>;
  /** By the ARN of the target group that they lead to. */
  rules?: ReadonlyMap<string, readonly Leading[]>;
  registry?: Registry;
  scaling?: ScalingOf;
  /** The app's image by its digest, where the task definition names a tag that moves. */
  digest?: string;
  /** Statements of the task's role, as settings have them. */
  statements?: readonly object[];
  /** The log group of the app's output. */
  logGroup?: LogGroup;
}

/** Where a service is in the stack file. */
export interface Slot {
  /** Its name there. */
  name: string;
  /** Whether it is `service`, and not one of `services`. */
  single: boolean;
}

/** The place of the stack, as an ARN of the service says it. */
export function placeOf({ service, task }: Known): Place | undefined {
  const its = readArn(service?.serviceArn ?? task.taskDefinitionArn ?? "");
  return its && { ...partitionOf(its.region), ...its };
}

const STACK_HAS_ONE = "The stack has one, and another service has said which: adopt this one into a stack of its own.";

/** Translates one service into the account. */
export class Translation {
  private readonly to: Path;
  private readonly app: string;
  private readonly ports: Ports;
  private readonly place: Place | undefined;
  /** Settings that keep how the service runs, where Berth would do otherwise. */
  readonly kept: Path[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly known: Known,
    private readonly slot: Slot,
  ) {
    const { task, service = {} } = known;
    this.to = slot.single ? ["service"] : ["services", slot.name];
    const [balanced] = service.loadBalancers ?? [];
    this.app = appOf(task, balanced?.containerName);
    this.ports = portsOf(task, service, this.app);
    this.place = placeOf(known);
  }

  /** Everything of it. */
  run(): this {
    const { task, service } = this.known;
    const { ledger, slot } = this;
    const family = task.family ?? slot.name;
    const definition = new Part<TaggedTask>(ledger.source(`task definition ${family}`, task), [], task, this.to);
    const own = service && new Part<Service>(ledger.source(`service ${service.serviceName}`, service), [], service, this.to);
    if (slot.single) ledger.set([...this.to, "name"], slot.name);
    const primary = own && translateDeployments(own);
    this.translateDefinition(definition, primary?.each("volumeConfigurations") ?? []);
    if (own) this.translateService(own);
    const connect = primary?.at("serviceConnectConfiguration");
    if (connect) translateConnect(connect, this.naming);
    if (this.known.logGroup) translateLogGroup(ledger, this.known.logGroup, this.to);
    return this;
  }

  private get compute() {
    return computeOf(this.known.task, this.known.service ?? {}, this.known.providers);
  }

  private get naming() {
    const first = this.ownTargets;
    const mapping = this.known.task.containerDefinitions
      ?.find(({ name }) => name === this.app)
      ?.portMappings?.find(({ containerPort }) => containerPort === this.ports.own);
    const protocol = first ? protocolOf(first.group) : (mapping?.appProtocol ?? "tcp");
    return { own: dnsLabel(this.slot.name), port: this.ports.own ?? 8000, protocol, agree: this.agree };
  }

  /** The target group of the app's own port, where it is known. */
  private get ownTargets(): Targets | undefined {
    const its = this.known.service?.loadBalancers?.find((one) => this.portOf(one) === undefined);
    return this.known.targets?.get(its?.targetGroupArn ?? "");
  }

  /** The further port that a target group is for; undefined for the app's own. */
  private portOf({ containerName, containerPort }: LoadBalancer): string | undefined {
    const found = [...this.ports.further].find(([, { container, port }]) => container === containerName && port === containerPort);
    return containerName === this.app && containerPort === this.ports.own ? undefined : found?.[0];
  }

  /** Sets what the whole stack has once. */
  private readonly agree = (part: Part<unknown>, setting: Path, value: unknown): void => {
    const before = this.ledger.get(setting);
    if (before === undefined || JSON.stringify(before) === JSON.stringify(value)) part.take(setting, value);
    else part.leave(STACK_HAS_ONE);
  };

  private readonly keep = (part: Part<unknown>, field: string, setting: string | Path, value: unknown): void => {
    part.kept(field, setting, value);
    this.kept.push(typeof setting === "string" ? [...part.to, setting] : setting);
  };

  private translateDefinition(task: Part<TaggedTask>, configured: Parameters<typeof translateTask>[1]["configured"]): void {
    const { slot, known, place, app, compute, ports } = this;
    const image = slot.single ? ["image"] : [...this.to, "image"];
    translateTask(task, {
      name: slot.name,
      app,
      image,
      ...(place && { place }),
      ...(known.digest !== undefined && { digest: known.digest }),
      variables: this.variables,
      configured,
      keep: this.keep,
    });
    for (const one of task.each("containerDefinitions")) {
      const { name = "" } = one.value;
      translatePorts(one, ports, app, name === app ? undefined : [...this.to, "sidecars", name]);
    }
    if (ports.own === undefined)
      task.differs(
        "containerDefinitions.portMappings",
        "Berth names a port of each service, 8000 where it is told none; nothing comes in there without a route",
      );
    task.at("family")?.change("revisions are of a family of the stack's own; those of this one stay as they are");
    this.translateRoles(task);
    const mode = task.at("networkMode");
    if (mode?.value === "bridge" || (mode === undefined && compute === "ec2")) {
      if (mode) mode.take("networkMode");
      else task.kept("networkMode", "networkMode", "bridge");
    } else mode?.same("always");
    task.at("requiresCompatibilities")?.same("what it runs on");
    const platform = task.at("runtimePlatform");
    const architecture = platform?.at("cpuArchitecture");
    if (architecture) this.agree(architecture, ["architecture"], architecture.value === "ARM64" ? "arm64" : "x86_64");
    platform?.at("operatingSystemFamily")?.same("always");
    for (const one of task.each("placementConstraints"))
      one.leave("A stack file places tasks anywhere on the instances; a program can say where (placementConstraints).");
    this.translateTags(task.each("tags"));
  }

  /** Variables that Berth gives the app: where it listens, and what it is asked by. */
  private get variables(): Record<string, string> {
    const isCalled = (this.known.service?.loadBalancers ?? []).length > 0;
    if (!isCalled || this.ports.own === undefined) return {};
    const path = this.ownTargets?.group.HealthCheckPath ?? "/health";
    return { PORT: String(this.ports.own), HEALTH_CHECK_PATH: path };
  }

  private translateRoles(task: Part<TaggedTask>): void {
    task.at("executionRoleArn")?.change("the stack has a role that may do what starting this task needs, and no more");
    const role = task.at("taskRoleArn");
    const { statements } = this.known;
    if (!role) return;
    const rights = `give the app its rights in ${[...this.to, "permissions"].join(".")} (read, write, statements)`;
    if (statements === undefined)
      role.leave(`The stack has a role of its own, and what ${nameOf(role.value)} may do is not known: ${rights}.`);
    else if (statements.length > 0) role.take("permissions", statements);
    else role.same("it has no rights");
  }

  /** Tags, which a stack has for all that it makes. */
  private translateTags(tags: Part<Tag>[]): void {
    for (const one of tags) {
      const { key = "", value = "" } = one.value;
      if (key === "Project" || key === "Stack") one.change("Berth names project and stack in it");
      else if (key.startsWith("aws:")) one.same("AWS's own");
      else this.agree(one, ["tags", key], value);
    }
  }

  private translateService(service: Part<Service>): void {
    const { known, slot, ledger } = this;
    const name = service.at("serviceName");
    if (name?.value === slot.name) name.same("its name in the stack");
    else
      name?.change(
        `it is called ${slot.name} in the stack, where a name has 1 to 24 letters, digits and hyphens; in AWS it keeps its own when it is imported`,
      );
    const cluster = service.at("clusterArn");
    if (cluster) this.agree(cluster, ["cluster", "existing", "clusterArn"], cluster.value);
    service.at("taskDefinition")?.same("the revision that was read; the next one is the stack's");
    const { compute } = this;
    translateCapacity(service, compute, slot.single ? ["compute"] : [...this.to, "compute"], this.agree);
    this.translateCount(service);
    const isDaemon = service.value.schedulingStrategy === "DAEMON";
    const rollout = service.at("deploymentConfiguration");
    if (rollout) translateRollout(rollout, isDaemon);
    this.translateNetwork(service.at("networkConfiguration")?.at("awsvpcConfiguration"));
    this.translateBalancers(service);
    translateRegistries(service, known.registry, this.naming);
    this.translateSwitches(service, isDaemon);
    sameAll(
      service,
      [
        "serviceArn",
        "status",
        "runningCount",
        "pendingCount",
        "platformFamily",
        "taskSets",
        "roleArn",
        "events",
        "createdAt",
        "createdBy",
        "resourceManagementType",
        "currentServiceDeployment",
        "currentServiceRevisions",
        "deploymentController",
      ],
      "AWS's answer",
    );
    this.translateTags(service.each("tags"));
    if (known.scaling) translateScaling(ledger, known.scaling, [...this.to, "scaling"]);
  }

  private translateCount(service: Part<Service>): void {
    const count = service.at("desiredCount");
    if (service.value.schedulingStrategy === "DAEMON") {
      service.at("schedulingStrategy")!.take("daemon", true);
      count?.same("one on each instance");
      return;
    }
    service.at("schedulingStrategy")?.same("always");
    if (this.known.scaling) count?.same("scaling decides");
    else count?.take("desiredCount");
  }

  private translateNetwork(part: Part<AwsVpcConfiguration> | undefined): void {
    if (!part) return;
    const isPublic = part.value.assignPublicIp === "ENABLED";
    const key = isPublic ? "publicSubnetIds" : "privateSubnetIds";
    const network = ["network", "existing"];
    const subnets = part.at("subnets");
    const { vpcId } = this.known;
    if (vpcId === undefined)
      subnets?.leave(
        `Name the VPC in network.existing.vpcId, and these subnets in network.existing.${key}${isPublic ? ", with tasks: public" : ""}.`,
      );
    else if (subnets) {
      this.agree(subnets, [...network, key], subnets.value);
      part.kept("vpcId", [...network, "vpcId"], vpcId);
    }
    const address = part.at("assignPublicIp");
    if (address && isPublic && vpcId !== undefined) this.agree(address, [...network, "tasks"], "public");
    else address?.same(isPublic ? "tasks: public" : "Berth's default");
    part.at("securityGroups")?.take("securityGroups");
  }

  private translateBalancers(service: Part<Service>): void {
    const all = service.each("loadBalancers");
    for (const one of all) this.translateBalancer(one);
    const isRouted = all.some(({ value }) => this.portOf(value) === undefined);
    if (this.slot.single ? !isRouted : isRouted && this.known.targets === undefined) service.kept("loadBalancers", "route", isRouted);
    const grace = service.at("healthCheckGracePeriodSeconds");
    const setting = [...this.to, "healthCheck", "gracePeriod"];
    if (all.length === 0) grace?.same("no load balancer asks");
    else if (grace && grace.value >= 10 && grace.value <= 600) grace.takeUnlessDefault(setting);
    else if (grace) {
      const near = Math.min(600, Math.max(10, grace.value));
      grace.change("failed checks do not count for 10 to 600 seconds after the start of a task", { setting, value: near });
    }
  }

  private translateBalancer(part: Part<LoadBalancer>): void {
    const { targetGroupArn = "", containerName } = part.value;
    const name = this.portOf(part.value);
    const to = name === undefined ? this.to : [...this.to, "ports", name];
    if (name === undefined) sameAll(part, ["containerName", "containerPort"], "the app and its port");
    else {
      part.at("containerPort")?.take([...to, "port"]);
      if (containerName === this.app) part.at("containerName")?.same("the app");
      else part.at("containerName")?.take([...to, "container"]);
    }
    part.at("advancedConfiguration")?.same("the rollout's strategy brings it along: a second target group, the rules and the role");
    const group = part.at("targetGroupArn");
    const targets = this.known.targets?.get(targetGroupArn);
    const rules = this.known.rules?.get(targetGroupArn) ?? [];
    const own = ownRule(rules);
    if (targets && own) group?.same("the target group is imported");
    else
      group?.leave(
        `Name the listener in loadBalancer.existing.listenerArn, and which requests come to ${showField(to)}: path, host; its healthCheck, too.`,
      );
    if (targets) translateTargets(this.ledger, targets, to);
    if (!targets || !own) return;
    if (own.listener.LoadBalancerArn?.includes("loadbalancer/net/")) {
      leaveRule(this.ledger, own);
      return;
    }
    translateRule(this.ledger, own, to);
    this.agree(part.about(to), ["loadBalancer", "existing", "listenerArn"], own.listener.ListenerArn);
    for (const one of rules.filter((rule) => rule !== own)) leaveRule(this.ledger, one);
  }

  private translateSwitches(service: Part<Service>, isDaemon: boolean): void {
    const exec = service.at("enableExecuteCommand");
    exec?.takeUnlessDefault("exec");
    const managed = service.at("enableECSManagedTags");
    if (managed?.value) managed.same("always");
    else managed?.change("ECS tags the tasks with cluster and service");
    const propagated = service.at("propagateTags");
    if (propagated?.value === "SERVICE") propagated.same("always");
    else propagated?.change("tasks have the tags of the service");
    const rebalancing = service.at("availabilityZoneRebalancing");
    const placed = service.value.placementConstraints ?? service.value.placementStrategy;
    if (isDaemon || placed || rebalancing?.value === "ENABLED") rebalancing?.same("as the placement allows it");
    else rebalancing?.change("ECS spreads the tasks over the zones again where they are not");
    const version = service.at("platformVersion");
    if (version && !["LATEST", "1.4.0"].includes(version.value)) version.change("tasks run on the latest version of Fargate's platform");
    else version?.same("the latest");
  }
}
