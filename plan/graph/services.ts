import type { Resource } from "../../facts/graph";
import { SCALING_TARGET, SCHEDULED_ACTION, SERVICE, TASK_DEFINITION } from "../../facts/types";
import { UnknownValue } from "../../facts/unknown";
import { sizeOf } from "../../policy/graph/containers";
import { type Strategy, strategiesOf, type TaskCount, taskCount } from "../../policy/graph/services";
import type { Resource as Typed } from "../../policy/graph/types";
import { partsOfWeek } from "../cost/sleep";
import { number, object, type Query, text } from "./query";

/** What a graph says about an ECS service, for all who compute with it. To read what is not known before the deploy throws. */
export class ServiceFacts {
  readonly urn: string;
  readonly name: string;
  /** The same two with typed inputs. */
  readonly service: Typed<typeof SERVICE>;
  readonly task: Typed<typeof TASK_DEFINITION> | undefined;

  private counted: TaskCount | undefined;

  constructor(
    private readonly graph: Query,
    readonly resource: Resource,
  ) {
    this.urn = resource.urn;
    this.name = resource.name;
    this.service = graph.typed.of(SERVICE).find(({ urn }) => urn === resource.urn)!;
    this.task = graph.typed.refs(this.service, "taskDefinition", TASK_DEFINITION)[0];
  }

  get taskDefinition(): Resource | undefined {
    return this.task && this.graph.get(this.task.urn);
  }

  /** Tasks: without autoscaling the smallest and largest number are the desired count. */
  get count(): TaskCount {
    this.counted ??= taskCount(this.service, this.graph.typed);
    return this.counted;
  }

  get min(): number {
    return this.count.min;
  }

  get max(): number {
    return this.count.max;
  }

  /** How tasks are shared out, as ECS does: each base first, the rest by weight. */
  get strategies(): Strategy[] {
    return strategiesOf(this.service);
  }

  get launch(): "fargate" | "ec2" {
    return this.strategies.every(({ provider }) => provider === "FARGATE" || provider === "FARGATE_SPOT") ? "fargate" : "ec2";
  }

  /** What a task takes. */
  get size(): TaskSize {
    if (!this.task) throw new UnknownValue("the size of its tasks", this.resource);
    return taskSize(this.task);
  }

  get publicIp(): boolean {
    return this.service.props.networkConfiguration?.assignPublicIp === true;
  }

  /** The ranges of tasks that scheduled actions set, and how much of a week each holds; one, where none does. */
  get week(): PartOfWeek[] {
    const [target] = this.graph.using(this.resource, "resourceId", SCALING_TARGET);
    const parts = target ? partsOfWeek(this.graph.using(target, "resourceId", SCHEDULED_ACTION).map(changeOf)) : [];
    if (parts.length === 0) return [{ share: 1, min: this.min, max: this.max }];
    const together = new Map<string, PartOfWeek>();
    for (const { share, value } of parts) {
      const key = `${value.min} ${value.max}`;
      together.set(key, { ...value, share: share + (together.get(key)?.share ?? 0) });
    }
    return [...together.values()].sort((a, b) => a.min - b.min || a.max - b.max);
  }

  /** The share of a week in which tasks may run at all. */
  get awake(): number {
    return this.week.reduce((sum, { share, max }) => sum + (max > 0 ? share : 0), 0);
  }
}

/** A range of tasks, and the share of a week in which it holds. */
export interface PartOfWeek {
  share: number;
  min: number;
  max: number;
}

export interface TaskSize {
  cpu: number;
  /** MiB. */
  memory: number;
  architecture: "x86_64" | "arm64";
  /** GB. */
  storage: number;
}

export function taskSize(task: Typed<typeof TASK_DEFINITION>): TaskSize {
  const { runtimePlatform, ephemeralStorage } = task.props;
  return {
    ...sizeOf(task),
    architecture: runtimePlatform?.cpuArchitecture === "ARM64" ? "arm64" : "x86_64",
    storage: Number(ephemeralStorage?.sizeInGib ?? 20),
  };
}

export function serviceFacts(graph: Query): ServiceFacts[] {
  return graph.ofType(SERVICE).map((service) => new ServiceFacts(graph, service));
}

function changeOf({ inputs }: Resource) {
  const { minCapacity, maxCapacity } = object(inputs.scalableTargetAction);
  return { schedule: text(inputs.schedule) ?? "", value: { min: number(minCapacity) ?? 0, max: number(maxCapacity) ?? 0 } };
}

/** How many of `tasks` each capacity provider gets: the bases first, then the rest by weight, larger shares first. */
export function shareOut(strategies: readonly Strategy[], tasks: number): Map<string, number> {
  const shares = new Map(strategies.map(({ provider }) => [provider, 0]));
  const give = (provider: string, count: number) => shares.set(provider, (shares.get(provider) ?? 0) + count);
  let left = tasks;
  for (const { provider, base } of strategies) {
    const taken = Math.min(base, left);
    give(provider, taken);
    left -= taken;
  }
  const total = strategies.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return shares;
  const ideal = strategies.map(({ provider, weight }) => ({ provider, exact: (left * weight) / total }));
  for (const { provider, exact } of ideal) give(provider, Math.floor(exact));
  const spare = left - ideal.reduce((sum, { exact }) => sum + Math.floor(exact), 0);
  const byRemainder = [...ideal].sort((a, b) => b.exact - Math.floor(b.exact) - (a.exact - Math.floor(a.exact)));
  for (const { provider } of byRemainder.slice(0, spare)) give(provider, 1);
  return shares;
}
