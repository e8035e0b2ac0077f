// What AWS refuses of several properties of one resource together, or of several resources of one kind.

import { UNKNOWN } from "../../facts/graph";
import { LEADS_TO, matcherComplaint, spreadComplaint, valuesComplaint } from "../../facts/listeners";
import { POLICY_CHARACTERS, SECURITY_GROUP_RULES } from "../../facts/quotas";
import { type RuleCondition, valuesOf } from "../../facts/routes";
import { type Container, containers } from "./containers";
import type { Graph } from "./graph";
import { rulesOf } from "./security-groups";
import type { AnyResource, Resource, TypeName } from "./types";
import { decide, each, known, undecidable } from "./undecided";

type Refuse = (at: string, complaint: string) => void;
type Checks = { [T in TypeName]?: (resource: Resource<T>, refuse: Refuse, graph: Graph) => void };

const DAY = 86_400;

const inOrder = (refuse: Refuse, at: string, low: number | undefined, high: number | undefined, above: string) => {
  if (low !== undefined && high !== undefined && low > high) refuse(at, `${low} is above ${above} (${high}).`);
};

/** The first of a list that is there twice; undefined if each is there once. */
const twice = <V>(list: readonly V[]) => list.find((one, i) => list.indexOf(one) < i);

/** Words that are called for, or not possible, together. */
const onlyOne = (refuse: Refuse, props: object, ...keys: string[]) => {
  const given = keys.filter((key) => key in props);
  if (given.length > 1) refuse(given[1]!, `${given.join(" and ")} are both given; leave out one of them.`);
};

const CHECKS: Checks = {
  "aws:appautoscaling/target:Target": ({ props }, refuse) =>
    inOrder(refuse, "minCapacity", props.minCapacity, props.maxCapacity, "maxCapacity"),
  "aws:autoscaling/group:Group": ({ props }, refuse) => {
    decide(() => inOrder(refuse, "minSize", props.minSize, props.maxSize, "maxSize"));
    decide(() => inOrder(refuse, "minSize", props.minSize, props.desiredCapacity, "desiredCapacity"));
    decide(() => inOrder(refuse, "desiredCapacity", props.desiredCapacity, props.maxSize, "maxSize"));
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ props }, refuse) => {
    inOrder(refuse, "datapointsToAlarm", props.datapointsToAlarm, props.evaluationPeriods, "evaluationPeriods");
    const period = props.period ?? Math.max(0, ...(props.metricQueries ?? []).map(({ metric, period: own }) => metric?.period ?? own ?? 0));
    const most = period >= 3600 ? 7 * DAY : DAY;
    const periods = props.evaluationPeriods ?? 0;
    if (period * periods > most)
      refuse(
        "evaluationPeriods",
        `${periods} periods of ${period} seconds are longer than ${most / DAY} days; the nearest is ${Math.floor(most / period)}.`,
      );
    const queries = props.metricQueries ?? [];
    if (queries.length > 0) {
      onlyOne(refuse, props, "metricQueries", "metricName");
      const id = twice(queries.map((query) => query.id));
      if (id !== undefined) refuse("metricQueries", `two have the id ${JSON.stringify(id)}; give each its own.`);
      const returned = queries.filter((query) => query.returnData).length;
      if (returned !== 1) refuse("metricQueries", `${returned} have returnData: true; exactly one decides about the alarm.`);
    }
  },
  "aws:ecr/repository:Repository": ({ props }, refuse) => {
    const filters = props.imageTagMutabilityExclusionFilters?.length ?? 0;
    const excludes = (props.imageTagMutability ?? "MUTABLE").endsWith("_WITH_EXCLUSION");
    if (excludes !== filters > 0)
      refuse(
        "imageTagMutability",
        excludes ? "it wants imageTagMutabilityExclusionFilters; give one." : "filters go with a word that ends with _WITH_EXCLUSION only.",
      );
  },
  "aws:ecs/capacityProvider:CapacityProvider": ({ props }, refuse) => {
    const scaling = props.autoScalingGroupProvider?.managedScaling;
    inOrder(
      refuse,
      "autoScalingGroupProvider.managedScaling.minimumScalingStepSize",
      scaling?.minimumScalingStepSize,
      scaling?.maximumScalingStepSize,
      "maximumScalingStepSize",
    );
    const wanted = props.managedInstancesProvider?.instanceLaunchTemplate.instanceRequirements;
    for (const key of ["vcpuCount", "memoryMib", "acceleratorCount"] as const)
      inOrder(
        refuse,
        `managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.${key}.min`,
        wanted?.[key]?.min,
        wanted?.[key]?.max,
        "max",
      );
  },
  "aws:ecs/service:Service": ({ props }, refuse) => {
    onlyOne(refuse, props, "launchType", "capacityProviderStrategies");
    const shares = props.capacityProviderStrategies ?? [];
    decide(() => {
      if (shares.filter((share) => (share.base ?? 0) > 0).length > 1)
        refuse("capacityProviderStrategies", "two have a base; AWS takes one.");
      if (shares.length > 0 && shares.every((share) => (share.weight ?? 0) === 0 && (share.base ?? 0) === 0))
        refuse("capacityProviderStrategies", "none has a weight above 0, so no task could start; give one at least weight: 1.");
    });
    decide(() => {
      const provider = twice(shares.map((share) => share.capacityProvider));
      if (provider !== undefined) refuse("capacityProviderStrategies", `${JSON.stringify(provider)} is named twice; name each once.`);
    });
    decide(() => {
      const { deploymentMinimumHealthyPercent: low, deploymentMaximumPercent: high } = props;
      if (low !== undefined && high !== undefined && low >= high && props.schedulingStrategy !== "DAEMON")
        refuse("deploymentMinimumHealthyPercent", `${low} is not below deploymentMaximumPercent (${high}), so no task could be replaced.`);
    });
    each(props.orderedPlacementStrategies, ({ type, field }, i) => {
      if (type === "binpack" && field !== "cpu" && field !== "memory")
        refuse(`orderedPlacementStrategies[${i}].field`, `${JSON.stringify(field)} is not a valid value; allowed: cpu, memory.`);
      if (type === "random" && field !== undefined) refuse(`orderedPlacementStrategies[${i}].field`, "random takes none; leave it out.");
    });
    each(props.placementConstraints, ({ type, expression }, i) => {
      if ((type === "memberOf") !== (expression !== undefined))
        refuse(`placementConstraints[${i}].expression`, type === "memberOf" ? "memberOf wants one." : `${type} takes none; leave it out.`);
    });
  },
  "aws:ecs/taskDefinition:TaskDefinition": (task, refuse) => {
    decide(() => {
      const volume = twice((task.props.volumes ?? []).map(({ name }) => name));
      if (volume !== undefined) refuse("volumes", `two are called ${JSON.stringify(volume)}; give each a name of its own.`);
    });
    const all = containers(task);
    decide(() => {
      const name = twice(all.map((container) => container.name));
      if (name !== undefined)
        refuse("containerDefinitions", `two containers are called ${JSON.stringify(name)}; give each a name of its own.`);
    });
    decide(() => {
      if (all.length > 0 && all.every((container) => container.essential === false))
        refuse("containerDefinitions", "no container is essential; one must be.");
    });
    decide(() => {
      // In awsvpc mode the containers of a task share one network interface.
      if (task.props.networkMode !== "awsvpc") return;
      const port = twice(
        all.flatMap(({ portMappings }) => (portMappings ?? []).map((one) => `${one.containerPort}/${one.protocol ?? "tcp"}`)),
      );
      if (port !== undefined) refuse("containerDefinitions", `two containers have the port ${port}; give each its own.`);
    });
    each(all, (container, i) => checkContainer(task, container, `containerDefinitions[${container.name ?? i}]`, refuse));
  },
  "aws:iam/role:Role": (role, refuse, graph) => {
    const documents = graph
      .referrers(role, "aws:iam/rolePolicy:RolePolicy", "role")
      .map(({ props }) => known(() => (typeof props.policy === "string" ? props.policy : JSON.stringify(props.policy ?? ""))));
    const size = documents.reduce((sum, document = "") => sum + document.replace(/\s/g, "").length, 0);
    // What is not known only makes them longer.
    if (size > POLICY_CHARACTERS) refuse("", `its inline policies have ${size} characters together; allowed: ${POLICY_CHARACTERS}.`);
    else if (documents.some((document) => document?.includes(UNKNOWN) ?? true)) undecidable("a policy of the role is not known");
  },
  "aws:lb/listener:Listener": (listener, refuse, graph) => {
    const { props } = listener;
    const secure = ["HTTPS", "TLS"].includes(props.protocol ?? "");
    if (secure && !("certificateArn" in props)) refuse("certificateArn", `a listener of ${props.protocol} wants a certificate.`);
    if (!secure && ("certificateArn" in props || "sslPolicy" in props))
      refuse(
        "protocol",
        `a listener of ${props.protocol ?? "HTTP"} takes neither certificateArn nor sslPolicy; leave them out, or set HTTPS.`,
      );
    const mutual = props.mutualAuthentication;
    if (mutual && mutual.mode !== "off" && props.protocol !== "HTTPS")
      refuse(
        "mutualAuthentication",
        `a listener of ${props.protocol ?? "HTTP"} takes no clients' certificates; leave it out, or set HTTPS.`,
      );
    if (mutual && (mutual.mode === "verify") !== "trustStoreArn" in mutual)
      refuse(
        "mutualAuthentication.trustStoreArn",
        mutual.mode === "verify" ? "verify wants one." : `${mutual.mode} takes none; leave it out.`,
      );
    const takes = Object.hasOwn(LEADS_TO, props.protocol ?? "") ? LEADS_TO[props.protocol!]! : undefined;
    each(takes && graph.refs(listener, "defaultActions", "aws:lb/targetGroup:TargetGroup"), ({ name, props: { protocol } }) => {
      if (takes && protocol !== undefined && !takes.includes(protocol))
        refuse(
          "defaultActions",
          `a listener of ${props.protocol} leads to target groups of ${takes.join(" or ")}, and ${name} has ${protocol}.`,
        );
    });
  },
  "aws:lb/listenerRule:ListenerRule": ({ props }, refuse) => {
    const complaint = valuesComplaint(valuesOf((props.conditions ?? []) as RuleCondition[]));
    if (complaint) refuse("conditions", complaint);
  },
  "aws:lb/targetGroup:TargetGroup": ({ props }, refuse) => {
    const check = props.healthCheck;
    if (check?.timeout !== undefined && check.interval !== undefined && check.timeout >= check.interval)
      refuse(
        "healthCheck.timeout",
        `${check.timeout} is not less than healthCheck.interval (${check.interval}); the nearest is ${check.interval - 1}.`,
      );
    const complaint =
      check?.matcher !== undefined &&
      ["HTTP", "HTTPS"].includes(props.protocol ?? "") &&
      matcherComplaint(check.matcher, props.protocolVersion === "GRPC" ? "grpc" : "http");
    if (complaint) refuse("healthCheck.matcher", complaint);
    if (check?.protocol === "TCP" && ["HTTP", "HTTPS"].includes(props.protocol ?? ""))
      refuse("healthCheck.protocol", `a target group of ${props.protocol} is asked by requests; allowed: HTTP, HTTPS.`);
    const { loadBalancingAlgorithmType: algorithm, slowStart = 0, stickiness } = props;
    const isSticky = stickiness !== undefined && (stickiness.enabled ?? true);
    const spread = spreadComplaint({ isSticky, startsSlowly: slowStart > 0, algorithm });
    if (spread) refuse("loadBalancingAlgorithmType", spread);
  },
  "aws:route53/record:Record": ({ props }, refuse) => onlyOne(refuse, props, "aliases", "records"),
  "aws:ec2/securityGroup:SecurityGroup": (group, refuse, graph) => {
    for (const direction of ["ingress", "egress"] as const) {
      const count = rulesOf(group, graph, direction).length;
      // An egress rule more or less is a quota that AWS raises: plan-load-balancer-quotas advises on it.
      if (direction === "ingress" && count > SECURITY_GROUP_RULES)
        refuse("ingress", `${count} inbound rules; allowed: ${SECURITY_GROUP_RULES}, unless AWS has raised the quota of the account.`);
    }
  },
  "aws:sqs/queue:Queue": ({ props }, refuse) => {
    if (props.sqsManagedSseEnabled === true) onlyOne(refuse, props, "sqsManagedSseEnabled", "kmsMasterKeyId");
    const letters = /"deadLetterTargetArn":"([^"]+)"/.exec(props.redrivePolicy ?? "")?.[1];
    const isFifo = props.fifoQueue === true;
    if (letters !== undefined && letters.endsWith(".fifo") !== isFifo)
      refuse(
        "redrivePolicy",
        `the dead-letter queue of a ${isFifo ? "FIFO" : "standard"} queue is one, too, and ${letters} is ${isFifo ? "a standard" : "a FIFO"} queue.`,
      );
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ props }, refuse) => peerOf(props, refuse),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ({ props }, refuse) => peerOf(props, refuse),
};

function checkContainer(task: Resource<"aws:ecs/taskDefinition:TaskDefinition">, container: Container, at: string, refuse: Refuse): void {
  const { environment = [], secrets = [] } = container;
  decide(() => {
    const names = [...environment, ...secrets].map(({ name }) => name);
    if (names.includes("")) refuse(`${at}.environment`, "a variable has no name; give it one.");
    const both = secrets.map(({ name }) => name).find((name) => environment.some((one) => one.name === name));
    if (both !== undefined)
      refuse(`${at}.secrets`, `${JSON.stringify(both)} is given twice, as a variable and as a secret; leave out one of them.`);
  });
  each(container.mountPoints, ({ sourceVolume }) => {
    const volumes = (task.props.volumes ?? []).map(({ name }) => name);
    if (sourceVolume !== undefined && !volumes.includes(sourceVolume))
      refuse(`${at}.mountPoints`, `the task has no volume ${JSON.stringify(sourceVolume)}; allowed: ${volumes.join(", ") || "none"}.`);
  });
  each(container.dependsOn, ({ containerName, condition }) => {
    const other = containers(task).find(({ name }) => name === containerName);
    if (other === undefined) refuse(`${at}.dependsOn`, `the task has no container ${JSON.stringify(containerName)}.`);
    else if (condition === "HEALTHY" && !other.healthCheck)
      refuse(`${at}.dependsOn`, `${containerName} has no health check to wait for; give it one, or wait for START.`);
    else if ((condition === "COMPLETE" || condition === "SUCCESS") && other.essential !== false)
      refuse(`${at}.dependsOn`, `${containerName} is essential, so the task ends with it; set essential: false for it, or wait for START.`);
  });
  decide(() => inOrder(refuse, `${at}.memoryReservation`, container.memoryReservation, container.memory, "memory"));
}

function peerOf(props: object, refuse: Refuse): void {
  const keys = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
  if (!keys.some((key) => key in props)) refuse("cidrIpv4", `a rule wants one of ${keys.join(", ")}.`);
  onlyOne(refuse, props, ...keys);
}

/** Tells what AWS refuses of a resource as a whole. */
export function eachTogether(resource: AnyResource, graph: Graph, refuse: Refuse): void {
  const check = CHECKS[resource.type] as ((resource: AnyResource, refuse: Refuse, graph: Graph) => void) | undefined;
  if (check) decide(() => check(resource, refuse, graph));
}
