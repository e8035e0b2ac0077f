import { deploymentRoom } from "../../facts/deployments";
import type { Json, Resource } from "../../facts/graph";
import { ALARM, TARGET_GROUP } from "../../facts/types";
import { type Container, containers } from "../../policy/graph/containers";
import { explain, tryTo } from "../../policy/graph/undecided";
import { number, object, Query, text } from "../graph/query";
import { type ServiceFacts, serviceFacts } from "../graph/services";
import type { CostlySetting, Rollout, RolloutStep } from "../plan-json";
import type { Assumptions } from "../project/assumptions";

/**
 * How long a rollout takes: a model, not a promise. Figures that no setting decides are typical ones; what a setting decides is exact.
 *
 *   slots = (floor(D x max%) - D) + (D - ceil(D x min%))      tasks that may be started beside, or in place of, the old ones
 *   batches = ceil(D / slots)
 *   T = batches x (place + pull + boot + health check) + deregistration + stop      and the bake times of blue/green
 */

/** Seconds to place a task: a network card and a micro-VM on Fargate, a slot on a running instance. */
const PLACE = { fargate: 20, ec2: 4 };
/** Seconds until an EC2 instance has booted and joined the cluster. */
const INSTANCE_BOOT = 180;
/** Megabytes of compressed image pulled and unpacked in a second. */
const PULL_RATE = 12;
/** Seconds an app takes to stop that hears SIGTERM, which the init process hands on; without one the signal is lost on many images. */
const PROMPT_STOP = 2;
/** Seconds until ECS takes a task for healthy that nothing checks. */
const UNCHECKED = 40;
/** Seconds in which a network load balancer takes in a new target, where another load balancer takes a few; AWS says 90 to 180. */
const REGISTRATION = 120;
const STREAMS: ReadonlySet<string> = new Set(["TCP", "TLS", "UDP", "TCP_UDP"]);
/** Seconds to move the traffic between two target groups. */
const SHIFT = 10;

/** Everything the model depends on, with the values AWS takes where nothing is set. */
export interface RolloutInput {
  desired: number;
  minimumPercent: number;
  maximumPercent: number;
  place: number;
  pull: number;
  boot: number;
  /** Seconds between health checks; undefined where nothing checks. */
  checkInterval: number | undefined;
  unhealthyThreshold: number;
  grace: number;
  deregistration: number;
  stop: number;
  strategy: "ROLLING" | "BLUE_GREEN" | "CANARY" | "LINEAR";
  bake: number;
  canaryBake: number;
  stepBake: number;
  stepPercent: number;
  alarmBake: number;
}

/** Every service's rollout. A service whose limits leave no room to replace a task has none: it cannot be rolled out. */
export function rolloutsOf(resources: readonly Resource[], assumptions: Assumptions): Rollout[] {
  const graph = new Query(resources);
  return serviceFacts(graph).flatMap((service): Rollout[] => {
    const result = tryTo(() => rolloutOf(graph, service, assumptions));
    if ("value" in result) return result.value;
    return [{ service: service.urn, strategy: null, seconds: null, steps: [], unknown: explain(result.unknown, service) }];
  });
}

function rolloutOf(graph: Query, service: ServiceFacts, assumptions: Assumptions): Rollout[] {
  const input = rolloutInput(graph, service, assumptions);
  const steps = stepsOf(input);
  if (!steps) return [];
  const seconds = endOf(steps);
  return [
    {
      service: service.urn,
      strategy: input.strategy,
      seconds,
      steps,
      firstSeconds: input.place + input.pull + input.boot + (input.checkInterval ?? UNCHECKED),
      // Before the bake ends the old tasks still run, and going back is moving the traffic; a rolling deploy must start them again.
      rollbackSeconds: input.strategy === "ROLLING" ? seconds : SHIFT,
      giveUpSeconds: object(service.resource.inputs.deploymentCircuitBreaker).enable === true ? giveUp(input) : null,
      ...(service.launch === "ec2" ? { secondsWithInstanceBoot: seconds + INSTANCE_BOOT } : {}),
      costliest: costliestSettings(input),
    },
  ];
}

export function rolloutInput(graph: Query, service: ServiceFacts, assumptions: Assumptions): RolloutInput {
  const { inputs } = service.resource;
  const groups = graph.from(service.resource, "loadBalancers", TARGET_GROUP).map((group) => group.inputs);
  const check = object(groups[0]?.healthCheck);
  const deployment = object(inputs.deploymentConfiguration);
  const container = mainContainer(service);
  const intervals = [
    ...groups.map(({ healthCheck }) => number(object(healthCheck).interval) ?? 30),
    ...(container?.healthCheck === undefined ? [] : [Number(container.healthCheck.interval ?? 30)]),
  ];
  const initProcess = container?.linuxParameters?.initProcessEnabled === true;
  const stopTimeout = Number(container?.stopTimeout ?? 30);
  const minutes = (value: Json | undefined) => (number(value) ?? 0) * 60;
  return {
    desired: service.min,
    minimumPercent: service.count.minimumPercent,
    maximumPercent: service.count.maximumPercent,
    place: PLACE[service.launch] + (groups.some(({ protocol }) => STREAMS.has(text(protocol) ?? "")) ? REGISTRATION : 0),
    pull: Math.ceil(assumptions.imageMegabytes / PULL_RATE),
    boot: assumptions.bootSeconds,
    // One passing check is enough for a new target or container; the slowest of all decides.
    checkInterval: intervals.length === 0 ? undefined : Math.max(...intervals),
    unhealthyThreshold: number(check.unhealthyThreshold) ?? Number(container?.healthCheck?.retries ?? 3),
    grace: number(inputs.healthCheckGracePeriodSeconds) ?? 0,
    deregistration: Math.max(0, ...groups.map(({ deregistrationDelay }) => number(deregistrationDelay) ?? 300)),
    stop: initProcess ? Math.min(PROMPT_STOP, stopTimeout) : stopTimeout,
    strategy: strategyOf(text(deployment.strategy)),
    bake: minutes(deployment.bakeTimeInMinutes),
    canaryBake: minutes(object(deployment.canaryConfiguration).canaryBakeTimeInMinutes),
    stepBake: minutes(object(deployment.linearConfiguration).stepBakeTimeInMinutes),
    stepPercent: number(object(deployment.linearConfiguration).stepPercent) ?? 10,
    alarmBake: alarmSeconds(graph, service.resource),
  };
}

/** The container that the load balancer sends requests to; the first, where none does. */
function mainContainer({ service, task }: ServiceFacts): Container | undefined {
  const all = task ? containers(task) : [];
  const name = service.props.loadBalancers?.[0]?.containerName;
  return all.find((container) => container.name === name) ?? all[0];
}

function strategyOf(given: string | undefined): RolloutInput["strategy"] {
  return given === "BLUE_GREEN" || given === "CANARY" || given === "LINEAR" ? given : "ROLLING";
}

/** ECS waits for a deployment's alarms as long as they need to notice. */
function alarmSeconds(graph: Query, service: Resource): number {
  const alarms = object(service.inputs.alarms).enable === true ? graph.from(service, "alarms", ALARM) : [];
  return Math.max(0, ...alarms.map(({ inputs }) => (number(inputs.period) ?? 60) * (number(inputs.evaluationPeriods) ?? 1)));
}

/** The time line; undefined where the limits leave no room to replace a task. */
export function stepsOf(input: RolloutInput): RolloutStep[] | undefined {
  const rolling = input.strategy === "ROLLING";
  const { extra, removable } = rolling ? roomOf(input) : { extra: Math.max(1, input.desired), removable: 0 };
  if (extra + removable === 0 && input.desired > 0) return undefined;
  const batches = input.desired === 0 ? 0 : Math.ceil(input.desired / (extra + removable));
  const line = new TimeLine();
  for (let batch = 1; batch <= batches; batch++) {
    const of = batches > 1 ? ` (batch ${batch} of ${batches})` : "";
    if (extra === 0) stopOld(line, input, of);
    line.add(`place the tasks${of}`, input.place);
    line.add(`pull the image${of}`, input.pull);
    line.add(`start the app${of}`, input.boot);
    line.add(`pass the health check${of}`, input.checkInterval ?? UNCHECKED);
  }
  if (!rolling) bake(line, input);
  if (rolling) line.add("watch the alarms", input.alarmBake);
  if (batches > 0 && extra > 0) stopOld(line, input, "");
  return line.steps;
}

function roomOf({ desired, minimumPercent, maximumPercent }: RolloutInput): { extra: number; removable: number } {
  return deploymentRoom(desired, minimumPercent, maximumPercent);
}

function stopOld(line: TimeLine, { deregistration, stop }: RolloutInput, of: string): void {
  line.add(`let old tasks finish their requests${of}`, deregistration);
  line.add(`stop old tasks${of}`, stop);
}

function bake(line: TimeLine, { strategy, canaryBake, stepBake, stepPercent, ...input }: RolloutInput): void {
  line.add("move the traffic", SHIFT);
  if (strategy === "CANARY") line.add("bake the canary", canaryBake);
  if (strategy === "LINEAR") line.add(`bake each step of ${stepPercent} %`, (Math.ceil(100 / stepPercent) - 1) * stepBake);
  line.add("bake", input.bake);
}

class TimeLine {
  readonly steps: RolloutStep[] = [];

  add(what: string, seconds: number): void {
    if (seconds > 0) this.steps.push({ what, start: endOf(this.steps), seconds });
  }
}

function endOf(steps: RolloutStep[]): number {
  const last = steps[steps.length - 1];
  return last === undefined ? 0 : last.start + last.seconds;
}

/** ECS gives up after half the desired count has failed, three tasks at least. */
function giveUp(input: RolloutInput): number {
  const failures = Math.min(200, Math.max(3, Math.ceil(input.desired / 2)));
  const { extra, removable } = input.strategy === "ROLLING" ? roomOf(input) : { extra: input.desired, removable: 0 };
  const rounds = Math.ceil(failures / Math.max(1, extra + removable));
  const noticed = Math.max(input.grace, input.boot) + input.unhealthyThreshold * (input.checkInterval ?? 0);
  return rounds * (input.place + input.pull + noticed + input.stop);
}

/** Fast but safe values, and the settings they belong to. */
const FAST: { setting: string; key: keyof RolloutInput; value: number; fast: string; shown: (input: RolloutInput) => string }[] = [
  { setting: "health check interval", key: "checkInterval", value: 5, fast: "5 s", shown: ({ checkInterval }) => `${checkInterval} s` },
  { setting: "deregistrationDelay", key: "deregistration", value: 5, fast: "5 s", shown: ({ deregistration }) => `${deregistration} s` },
  {
    setting: "stopTimeout without an init process",
    key: "stop",
    value: PROMPT_STOP,
    fast: "an init process",
    shown: ({ stop }) => `${stop} s`,
  },
  {
    setting: "deploymentMaximumPercent",
    key: "maximumPercent",
    value: 200,
    fast: "200 %",
    shown: ({ maximumPercent }) => `${maximumPercent} %`,
  },
  { setting: "bake time", key: "bake", value: 0, fast: "none", shown: ({ bake }) => `${bake / 60} min` },
  { setting: "bake time of the canary", key: "canaryBake", value: 0, fast: "none", shown: ({ canaryBake }) => `${canaryBake / 60} min` },
  { setting: "bake time of a step", key: "stepBake", value: 0, fast: "none", shown: ({ stepBake }) => `${stepBake / 60} min` },
];

function costliestSettings(input: RolloutInput): CostlySetting[] {
  const now = endOf(stepsOf(input) ?? []);
  const found = FAST.flatMap(({ setting, key, value, fast, shown }) => {
    // A health check that nothing does is not made faster by a shorter interval.
    if (input[key] === undefined) return [];
    const seconds = now - endOf(stepsOf({ ...input, [key]: value }) ?? []);
    return seconds > 0 ? [{ setting, value: shown(input), seconds, fast }] : [];
  });
  return found.sort((a, b) => b.seconds - a.seconds).slice(0, 2);
}
