import { createHash } from "node:crypto";
import { Command } from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import { dnsLabel } from "../../facts/domain";
import * as aws from "../base/aws";
import { onChange } from "../base/berth-command";
import { Component, transformed } from "../base/component";
import { allow, ECS_TRUST } from "../base/iam";
import { pick } from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import { EPHEMERAL } from "../cluster/ec2-capacity";
import { isImage, readOf } from "../image/image";
import type { RouteConditions } from "../load-balancer/conditions";
import type { NetworkListener } from "../load-balancer/network-listener";
import type { Route } from "../load-balancer/route";
import { task } from "../task/arguments";
import { ebsOf, keyRights, runConfiguration, volumeConfiguration, volumeRights } from "../task/ebs";
import { waysOut } from "../task/egress";
import { overrideRemarks } from "../task/image-remarks";
import { type Launch, rebalances } from "../task/launch";
import { awslogs } from "../task/logging";
import { type Serving, Task } from "../task/task";
import type { ServiceArgs, service } from "./arguments";
import { balancing } from "./balancing";
import { type Endpoint, endpointOf } from "./connect";
import { type Count, decide, isListener, NO_PROXY, opensOf, type RoutedPort, type ServiceValues, type Variant } from "./decide";
import { withDockerfile } from "./from-dockerfile";
import { checkedBy, HEALTHY, isStream, type StreamProtocol } from "./health-check";
import { Naming } from "./naming";
import { Neighbors, type OtherGroup, type Self, takeName } from "./neighbors";
import { NetworkTraffic } from "./network-traffic";
import { scaledByQueue } from "./queue";
import type { Deployment } from "./rollout";
import { Scaling } from "./scaling";
import type { Opening } from "./target-group-owner";
import { Traffic } from "./traffic";

/** A volume that ECS makes for each task: as the service is told of it, as a single run is, and what must be there first. */
interface Disk {
  configuration: aws.types.input.ecs.ServiceVolumeConfiguration;
  run: pulumi.Output<string>;
  ready: pulumi.Resource[];
}

const VARIANTS = ["FargateService", "Ec2Service", "ManagedInstancesService"];

/** A service: its task, who may reach it, how requests come to it, how it rolls and how it grows. The variants differ only in where tasks run. */
export abstract class EcsService extends Component<typeof service> {
  readonly task: Task;
  /** The group that the tasks are in: their own, or in bridge mode the instances'. */
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly traffic: Traffic | undefined;
  /** What brings requests to each of its routes: `traffic` first, then those of its ports. */
  readonly allTraffic: (Traffic | NetworkTraffic)[];
  readonly targetGroup: aws.lb.TargetGroup | undefined;
  readonly listenerRule: aws.lb.ListenerRule | undefined;
  /** The command that ran before this revision (`preDeploy`). */
  readonly preDeploy?: Command;
  readonly service: aws.ecs.Service;
  /** Follows each rollout to its end: the update succeeds only if this revision serves. Depend on it for what must come after. */
  readonly follower: Command;
  readonly scaling?: Scaling;
  /** What gives it its name for others, with `connect` or `dns`. */
  readonly naming?: Naming;
  /** The service's name (`serviceName`). */
  readonly serviceName: pulumi.Output<string>;
  /** Where the service answers; undefined without a route. */
  readonly url: pulumi.Output<string> | undefined;
  /** How other services call it, with `connect`. */
  readonly endpoint?: Endpoint;
  private readonly neighbors: Neighbors;

  protected constructor(variant: Variant, name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    // One word moves a service from one capacity to another: the variants know each other's names, so that Pulumi sees the same resources, not new ones.
    const aliases = VARIANTS.filter((other) => other !== variant.type).map((other) => ({ type: `berth:index:${other}` }));
    const read = withDockerfile(scaledByQueue(args));
    super(variant.type, name, variant.schema, read.args, pulumi.mergeOptions({ aliases }, opts));
    for (const remark of read.remarks) this.remark(remark);
    const { launch, deployment, count, routed } = decide({ label: name, args: this.args, refuse: this.refuse }, variant, hasAlarms(args));
    this.endpoint = this.makeEndpoint(this.args, launch);
    if (this.endpoint || this.args.dns) this.takeOwnName();
    this.neighbors = new Neighbors(this.asNeighbor(this.args, launch));

    this.task = this.makeTask(this.args, launch);
    this.securityGroup =
      launch.instances?.securityGroup ??
      this.makeClosedGroup(this.args.cluster.network.vpcId, `Tasks of service ${this.label}`, this.args.transform?.securityGroup);
    const ready = [...this.args.cluster.network.ready, ...this.args.cluster.ready, ...this.task.ready];
    if (!launch.instances) ready.push(...this.letOut(this.args));
    for (const { group, port } of this.task.reaches) this.neighbors.allowTo(group, port);
    if (launch.instances) for (const { route } of routed) ready.push(...launch.instances.allowIngressFrom(route.loadBalancer));
    this.allTraffic = routed.map((port) => this.makeTraffic(this.args, port, opensOf(port, routed), launch, deployment));
    ready.push(...this.allTraffic.flatMap((traffic) => traffic.ready));
    this.traffic = this.allTraffic.find((one): one is Traffic => one instanceof Traffic);
    this.listenerRule = this.traffic?.listenerRule;
    this.targetGroup = this.allTraffic[0]?.targetGroup;
    this.url = routed[0] && addressOf(routed[0].route);
    if (this.endpoint) this.remarkProxy();
    const disk = this.makeDisk(this.args);
    ready.push(...(disk?.ready ?? []));
    this.naming = this.makeNaming(this.args, deployment);
    ready.push(...(this.naming?.ready ?? []));
    if (this.args.preDeploy) {
      this.preDeploy = this.makePreDeploy(this.args, this.args.preDeploy, launch, disk, [...ready]);
      ready.push(this.preDeploy);
    }
    const { service, reason } = this.makeService(this.args, launch, deployment, count, disk, ready);
    this.service = service;
    this.neighbors.service = service;
    this.serviceName = this.service.name;
    this.follower = this.follow(this.args, reason, deployment);
    if (count.scales) this.scaling = this.makeScaling(this.args, routed);
    if (this.args.revision === "external") {
      void pulumi.log.info("a pipeline deploys its revisions: this update registers one and does not deploy it.", this);
    }
    void this.neighbors.later(() => this.remarkCircle());
    this.registerOutputs({ serviceName: this.serviceName, url: this.url });
  }

  /** The cluster that it runs in. */
  get cluster(): ClusterLike {
    return this.args.cluster;
  }

  /** What `berth status`, `logs` and the other commands need to know of it; export it. */
  get outputs() {
    const { url, serviceName: service, securityGroup, task } = this;
    const { image, revision } = this.args;
    const its = { service, revision, imageUri: isImage(image) ? image.ref : image, taskDefinition: task.taskDefinition.arn };
    return { ...(url && { url }), ...its, logGroup: task.logGroup.name, securityGroup: securityGroup.id };
  }

  /** Whether there are hours in which no task runs (`sleep`). */
  get sleeps(): boolean {
    return this.args.sleep !== undefined;
  }

  /** Seconds that a task may go on with its requests, whatever they came by (`deregistrationDelay`). */
  get longestDrain(): number {
    const { deregistrationDelay, ports } = this.args;
    return Math.max(deregistrationDelay, ...Object.values(ports).map((its) => its.deregistrationDelay));
  }

  private makeTask(args: ServiceValues, launch: Launch): Task {
    // A route's health check belongs to the container too: ECS then replaces what answers nobody, load balancer or not.
    const protocol = args.route ? args.protocol : this.endpoint?.protocol;
    const { path, port, matcher = HEALTHY[args.protocol] } = args.healthCheck;
    // What others call by its name may be no HTTP, whatever a load balancer would speak.
    const scheme = checkedBy(protocol === "tcp" ? "tcp" : args.protocol, args.healthCheck);
    const serving: Serving = {
      ...(protocol && {
        health: { path, ...(port !== undefined && { port }), matcher, protocol, scheme },
      }),
      protocol: this.endpoint?.protocol ?? (args.route ? args.protocol : "http"),
      ports: Object.entries(args.ports).map(([name, its]) => ({
        name,
        container: its.container ?? this.label,
        port: its.port,
        protocol: its.protocol,
      })),
      ...(args.queue && { queue: args.queue }),
      addresses: this.neighbors.later(() => this.neighbors.addresses()),
    };
    return new Task(this.label, { ...pick(args, task), ...this.common }, launch, serving, { parent: this });
  }

  /** The service's name for others. */
  private get ownName(): string {
    return this.endpoint?.name ?? dnsLabel(this.label);
  }

  /** How other services call it. */
  private makeEndpoint({ connect, port, protocol, route }: ServiceValues, launch: Launch): Endpoint | undefined {
    // In bridge mode the proxy has a port of its own anyway.
    const balanced = route !== undefined && launch.networkMode === "awsvpc";
    return connect ? endpointOf(connect, { name: dnsLabel(this.label), port, protocol, balanced }) : undefined;
  }

  /** A name belongs to one service of the cluster, in the namespace and in DNS. */
  private takeOwnName(): void {
    const other = takeName(this.args.cluster, this.ownName, this.label);
    if (other === undefined) return;
    this.refuse(
      this.endpoint ? "connect.name" : "dns",
      `${JSON.stringify(this.ownName)} is the name of the service ${other} in this namespace already; give one of them another.`,
    );
  }

  /** Lets the tasks call what they want, or what is named. */
  private letOut({ cluster, egress, transform }: ServiceValues): pulumi.Resource[] {
    const isChanged = transform?.egress !== undefined;
    const ways = waysOut("Whatever the app calls", { ...(egress && { egress }), hasIpv6: cluster.network.ipv6 !== undefined, isChanged });
    return this.allowEgress(this.securityGroup, ways, transform?.egress);
  }

  /** The service as its neighbors see it. */
  private asNeighbor({ cluster, port, egress, transform }: ServiceValues, launch: Launch): Self {
    const own = this.endpoint?.proxyPort ?? port;
    const tagged = { tags: this.tags };
    return {
      label: this.label,
      cluster,
      ...(this.endpoint && { endpoint: this.endpoint }),
      ports: launch.networkMode === "bridge" ? EPHEMERAL : { fromPort: own, toPort: own },
      inBridgeMode: launch.networkMode === "bridge",
      group: () => this.securityGroup,
      allowIngress: (suffix, rule) =>
        this.make(aws.vpc.SecurityGroupIngressRule, suffix, { ...rule, ...tagged }, transform?.neighborIngress),
      ...((egress ?? transform?.egress) && {
        allowEgress: (suffix, rule) =>
          this.make(aws.vpc.SecurityGroupEgressRule, suffix, { ...rule, ...tagged }, transform?.neighborEgress),
      }),
      addProxy: () => {
        if (launch.amiFamily === "bottlerocket") this.refuse("calls", `${NO_PROXY}.`);
        this.remarkProxy();
      },
      refuse: this.refuse,
    };
  }

  /** What gives the service its name for others, where it has one. */
  private makeNaming({ cluster, connect, dns, transform }: ServiceValues, { testHeader }: Deployment): Naming | undefined {
    const { endpoint } = this;
    if (!endpoint && !dns) return undefined;
    const called = endpoint && connect && { endpoint, connect, ...(testHeader && { testHeader }) };
    return new Naming(
      this.label,
      {
        cluster,
        dns,
        serviceName: this.ownName,
        ...(called && { called }),
        ...(transform && { transform }),
        ...this.common,
      },
      { parent: this },
    );
  }

  /**
   * The part of `aws.ecs.Service` by which callers and called meet: it is there for what has a name, and for what calls one. Where it goes, the provider
   * switches it off.
   */
  private connected(): Connected {
    return this.neighbors.later(() =>
      this.neighbors.isConnected
        ? {
            enabled: true,
            namespace: this.args.cluster.connectNamespace(this.refuse),
            ...(this.endpoint && { services: this.naming!.services }),
            logConfiguration: awslogs(this.task.logs, "service-connect"),
          }
        : undefined,
    );
  }

  /** Says which names its tasks do not know yet after a first deployment. */
  private remarkCircle(): void {
    const names = this.neighbors.after();
    if (names.length === 0) return;
    const text = `${names.join(", ")} calls it back, so ${this.label} is deployed first, and does not find that name before its next deployment; after the first update change redeploy.`;
    this.remark({ severity: "info", at: "calls", text });
  }

  /** Says what the proxy takes of a small task. */
  private remarkProxy(): void {
    if (this.args.cpu > PROXY_CPU) return;
    const text = `${this.args.cpu} CPU units, of which AWS recommends ${PROXY_CPU}, and 64 MiB of the memory, for the proxy in each task (Service Connect); set cpu: 0.5 vCPU or more.`;
    this.remark({ severity: "info", at: "cpu", text });
  }

  /**
   * Lets this service call others by their names (`connect`): security-group rules, `<NAME>_URL` (with gRPC and TCP `<NAME>_ADDRESS`) in its environment where
   * it has no variable of that name, and the called services first. Call it right after the services are made.
   */
  calls(...services: EcsService[]): void {
    for (const service of services) this.neighbors.call(service.neighbors);
  }

  /** Lets the tasks reach a security group on a port, such as a database's: by itself or by its id. Or another service's. */
  allowTo(other: EcsService | OtherGroup, port: number): void {
    this.neighbors.allowTo(other instanceof EcsService ? other.neighbors : other, port);
  }

  /** Lets a security group reach the tasks on a port: by itself or by its id. Or another service. */
  allowFrom(other: EcsService | OtherGroup, port: number): void {
    this.neighbors.allowFrom(other instanceof EcsService ? other.neighbors : other, port);
  }

  private makeTraffic(args: ServiceValues, its: RoutedPort, opens: Opening[], launch: Launch, deployment: Deployment) {
    const { name, route, protocol, container = this.label, port, healthCheck, deregistrationDelay } = its;
    const common = {
      network: args.cluster.network,
      container,
      port,
      targetType: launch.networkMode === "bridge" ? ("instance" as const) : ("ip" as const),
      healthCheck,
      deregistrationDelay,
      ...(!launch.instances && { securityGroup: this.securityGroup }),
      opens,
      ...(args.transform && { transform: args.transform }),
      ...this.common,
    };
    if (isListener(route) || isStream(protocol)) {
      // The one without the other is refused before.
      const listened = { ...common, listener: route as NetworkListener, protocol: protocol as StreamProtocol };
      return new NetworkTraffic(name, listened, { parent: this });
    }
    const { maintenance } = args;
    const requested = { ...common, route, protocol, balancing: pick(its, balancing), deployment, maintenance };
    return new Traffic(name, requested, { parent: this });
  }

  /** Runs when there is a new revision, before the service hears of it. */
  private makePreDeploy(
    args: ServiceValues,
    { command, container }: NonNullable<ServiceValues["preDeploy"]>,
    launch: Launch,
    disk: Disk | undefined,
    ready: pulumi.Resource[],
  ): Command {
    const { cluster } = args;
    const its = container === undefined ? args : args.sidecars[container]!;
    const dockerfile = readOf(its.image);
    const remarks = dockerfile ? overrideRemarks(dockerfile, { ...its, command }, "preDeploy", this.refuse) : [];
    for (const remark of remarks) this.remark(remark);
    const network = launch.networkMode === "awsvpc" && {
      BERTH_SUBNETS: cluster.network.taskSubnetIds.apply((ids) => ids.join(",")),
      BERTH_SECURITY_GROUPS: pulumi.all([this.securityGroup.id, ...args.securityGroups]).apply((ids) => ids.join(",")),
      BERTH_ASSIGN_PUBLIC_IP: pulumi.interpolate`${launch.assignPublicIp}`,
    };
    const settings = {
      BERTH_CLUSTER: cluster.arn,
      BERTH_TASK_DEFINITION: this.task.taskDefinition.arn,
      BERTH_CONTAINER: container ?? this.label,
      BERTH_COMMAND: JSON.stringify(command),
      BERTH_CAPACITY_PROVIDER_STRATEGY: pulumi.jsonStringify(launch.capacityProviderStrategies),
      ...network,
      ...(disk && { BERTH_VOLUMES: disk.run }),
    };
    return this.make(Command, "pre-deploy", onChange("run", this, settings), undefined, {
      dependsOn: this.waitsFor(ready, () => [...this.neighbors.rules]),
      customTimeouts: { create: "60m", update: "60m" },
    });
  }

  /** By whose right ECS makes a volume for each task, where it does, and how each is. */
  private makeDisk({ cluster, volumes, kmsKeyArn, transform }: ServiceValues): Disk | undefined {
    const found = ebsOf(volumes);
    if (!found) return undefined;
    const description = `Lets ECS make the volumes of the tasks of ${this.label}`;
    const role = this.makeRole("volume", { description, assumeRolePolicy: ECS_TRUST }, transform?.volumeRole);
    const ready = this.makeAwsRights("volume", role, volumeRights(cluster.location), {
      ...(transform?.volumePolicyAttachment && { rolePolicyAttachment: transform.volumePolicyAttachment }),
      ...(transform?.volumePolicy && { rolePolicy: transform.volumePolicy }),
    });
    if (kmsKeyArn !== undefined) {
      const policy = { role: role.name, policy: allow(...keyRights(kmsKeyArn)) };
      ready.push(this.make(aws.iam.RolePolicy, "volume-key", policy, transform?.volumePolicy));
    }
    const maker = { roleArn: role.arn, ...(kmsKeyArn !== undefined && { kmsKeyArn }) };
    return {
      configuration: volumeConfiguration(found.name, found.its, maker),
      run: runConfiguration(found.name, found.its, maker),
      ready,
    };
  }

  private makeService(
    args: ServiceValues,
    launch: Launch,
    deployment: Deployment,
    count: Count,
    disk: Disk | undefined,
    ready: pulumi.Resource[],
  ) {
    const { cluster } = args;
    const alarmNames: pulumi.Input<string>[] = [
      ...this.allTraffic.flatMap((one) => (one instanceof Traffic ? one.alarms.map((alarm) => alarm.name) : [])),
      ...(deployment.alarms.alarmNames ?? []),
    ];
    const minutes = `${deployment.timeoutInMinutes}m`;
    let given: aws.ecs.ServiceArgs | undefined;
    const service = this.make<aws.ecs.ServiceArgs, aws.ecs.Service>(
      aws.ecs.Service,
      "",
      {
        cluster: cluster.arn,
        taskDefinition: this.task.taskDefinition.arn,
        // AWS takes no capacity provider strategy for a daemon, nor the cluster's default one.
        ...(launch.daemon
          ? { schedulingStrategy: "DAEMON", launchType: "EC2" }
          : { desiredCount: count.desired!, capacityProviderStrategies: launch.capacityProviderStrategies }),
        ...(launch.networkMode === "awsvpc" && {
          networkConfiguration: {
            subnets: cluster.network.taskSubnetIds,
            securityGroups: [this.securityGroup.id, ...args.securityGroups],
            assignPublicIp: launch.assignPublicIp,
          },
        }),
        ...(launch.orderedPlacementStrategies && { orderedPlacementStrategies: launch.orderedPlacementStrategies }),
        ...(launch.placementConstraints && { placementConstraints: launch.placementConstraints }),
        ...(this.allTraffic.length > 0 && {
          loadBalancers: this.allTraffic.flatMap((traffic) => traffic.loadBalancers),
          healthCheckGracePeriodSeconds: args.healthCheck.gracePeriod,
        }),
        ...(disk && { volumeConfiguration: disk.configuration }),
        serviceConnectConfiguration: this.connected(),
        ...(this.naming?.discovery && { serviceRegistries: { registryArn: this.naming.discovery.arn } }),
        deploymentController: { type: "ECS" },
        deploymentConfiguration: deployment.configuration,
        // An instance holds one task of a daemon: the old one must go before the new one comes.
        ...(launch.daemon
          ? { deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100, availabilityZoneRebalancing: "DISABLED" }
          : {
              deploymentMinimumHealthyPercent: deployment.minimumHealthyPercent,
              deploymentMaximumPercent: deployment.maximumPercent,
              // AWS does not move tasks between zones where no further one may run.
              availabilityZoneRebalancing: deployment.maximumPercent > 100 && rebalances(launch) ? "ENABLED" : "DISABLED",
            }),
        // What is off is sent as off: the provider sends nothing for a block that is left out, and ECS keeps what it has. AWS wants a name in the block.
        deploymentCircuitBreaker: deployment.circuitBreaker,
        alarms:
          alarmNames.length > 0 ? { alarmNames, enable: true, rollback: true } : { alarmNames: ["none"], enable: false, rollback: false },
        enableExecuteCommand: args.exec,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        // The follower waits, and says why when it waits in vain.
        waitForSteadyState: false,
        // Without it a service that moves to other capacity is replaced: a new one with the count that it began with, and nothing to roll back to.
        // The provider sends it with every update of the service; each of them is then a deployment, which the follower follows.
        forceNewDeployment: true,
        triggers: {
          capacity: pulumi.jsonStringify(launch.daemon ? "daemon" : launch.capacityProviderStrategies),
          ...(args.redeploy !== undefined && { redeploy: args.redeploy }),
        },
        tags: this.tags,
      },
      (its, opts, name) => {
        given = transformed(args.transform?.service, its, opts, name);
        return given;
      },
      {
        // What a task needs from its first second to its last: ways to ECR and to its logs, the rights of its roles, capacity, and a target group that a
        // listener knows. AWS names none of these in the service itself, so they are named here; destroy goes the other way round.
        dependsOn: this.waitsFor(ready, () => [...this.neighbors.rules, ...this.neighbors.before()]),
        // Auto Scaling changes the count; setting it back at each `pulumi up` would throw the load on too few tasks.
        ...this.ignored(args, count),
        customTimeouts: { create: minutes, update: minutes, delete: "20m" },
      },
    );
    return { service, reason: this.rolloutReason(given!, args, count) };
  }

  /**
   * What is known to come first, and what calls bring along. The SDK takes a promise of several resources within the list, which its types do not say; a
   * promise of the whole list it would look through for unknown values, with every resource in it.
   */
  private waitsFor(known: pulumi.Resource[], others: () => pulumi.Resource[]): pulumi.Input<pulumi.Resource>[] {
    return [...known, this.neighbors.later(others) as Promise<unknown> as Promise<pulumi.Resource>];
  }

  private ignored({ revision }: ServiceValues, count: Count): pulumi.CustomResourceOptions {
    // What a pipeline has deployed is not undone.
    const properties = [...(count.scales ? ["desiredCount"] : []), ...(revision === "external" ? ["taskDefinition"] : [])];
    return properties.length > 0 ? { ignoreChanges: properties } : {};
  }

  /** What starts a deployment when it changes: each argument of the service but its tags, and what is not this program's to change. */
  private rolloutReason(
    { tags: _, desiredCount, taskDefinition, ...rest }: aws.ecs.ServiceArgs,
    { revision }: ServiceValues,
    count: Count,
  ): pulumi.Output<string> {
    const own = { ...(!count.scales && { desiredCount }), ...(revision === "pulumi" && { taskDefinition }) };
    return pulumi.jsonStringify({ ...rest, ...own }).apply(digest);
  }

  /** Follows the deployment that a new revision or any other change of the service starts. */
  private follow(args: ServiceValues, reason: pulumi.Output<string>, deployment: Deployment): Command {
    const settings = {
      BERTH_CLUSTER: args.cluster.arn,
      BERTH_SERVICE: this.service.name,
      // Without it the tool follows whatever revision the service runs.
      BERTH_TASK_DEFINITION: args.revision === "pulumi" ? this.task.taskDefinition.arn : undefined,
      BERTH_TIMEOUT_MINUTES: String(deployment.timeoutInMinutes),
      // Whatever starts a deployment is followed. That it is there tells the tool that a deployment has just started.
      BERTH_REASON: reason,
    };
    const minutes = `${deployment.timeoutInMinutes + 5}m`;
    return this.make(Command, "rollout", onChange("wait", this, settings), undefined, {
      dependsOn: [this.service],
      customTimeouts: { create: minutes, update: minutes },
    });
  }

  private makeScaling(args: ServiceValues, routed: RoutedPort[]): Scaling {
    const [balancer] = routed.flatMap(({ route }) => (isListener(route) ? [] : [route.loadBalancer]));
    const groups = this.traffic ? [this.traffic.targetGroup, this.traffic.alternateTargetGroup] : [];
    const targetGroups = groups.flatMap((group) => (group ? [group.arnSuffix] : []));
    return new Scaling(
      this.label,
      {
        ...args.scaling,
        ...(args.desiredCount !== undefined && { fixed: args.desiredCount }),
        ...(args.sleep && { sleep: args.sleep }),
        clusterName: args.cluster.clusterName,
        service: this.service,
        ...(balancer && this.traffic && { requestsBy: { loadBalancer: balancer.arnSuffix, targetGroups } }),
        ...(args.queue && { queueName: args.queue.queueName }),
        ...(args.transform?.scaling && { transform: args.transform.scaling }),
        ...this.common,
      },
      { parent: this },
    );
  }
}

/** Where a route answers: a URL, or host and port. */
const addressOf = (route: Route | NetworkListener) =>
  isListener(route)
    ? pulumi.interpolate`${route.loadBalancer.host}:${route.port}`
    : pulumi.interpolate`${siteOf(route)}${urlPath(route.conditions)}`;

/** The first host that the route is for, or where the load balancer answers. */
function siteOf({ loadBalancer: { url, secure }, conditions: { host = [] } }: Route): pulumi.Output<string> {
  const named = [host].flat().find((one) => !/[*?]/.test(one));
  return named === undefined ? url : pulumi.interpolate`${pulumi.output(secure).apply((its) => (its ? "https" : "http"))}://${named}`;
}

/** CPU units that AWS recommends for the proxy of a task. */
const PROXY_CPU = 256;

const hasAlarms = ({ rollout }: ServiceArgs) => typeof rollout === "object" && rollout.alarms !== undefined;

type Connected = pulumi.Input<aws.types.input.ecs.ServiceServiceConnectConfiguration | undefined>;

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** The part of the URL that a path pattern leaves open: `/api/*` is entered at `/api/`. */
const urlPath = ({ path = "/*" }: RouteConditions) => {
  const [first = ""] = [path].flat();
  return first === "/*" ? "" : first.replace(/[*?].*$/, "");
};
