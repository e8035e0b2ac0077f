import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";
import { taskId } from "../../facts/arns";
import type { Aws } from "../stack/aws";
import type { LogLine } from "./evidence";

/** Where a container's log is in CloudWatch: a stream for each task. */
export interface LogSource {
  group: string;
  /** What a stream's name has before the task's id. */
  prefix: string;
  container: string;
}

/** The log of one container; undefined for one that does not log to CloudWatch with a stream for each task. */
export function logSource(definition: ContainerDefinition | undefined): LogSource | undefined {
  const { name, logConfiguration: { logDriver, options = {} } = {} } = definition ?? {};
  if (name === undefined) return undefined;
  if (logDriver === "awsfirelens") {
    // FireLens calls what a container writes `<container>-firelens-<task>`, and Fluent Bit names the stream after that.
    const { Name, log_group_name: group, log_stream_prefix: prefix = "" } = options;
    return Name === "cloudwatch_logs" && group ? { group, prefix: `${prefix}${name}-firelens-`, container: name } : undefined;
  }
  const group = options["awslogs-group"];
  const prefix = options["awslogs-stream-prefix"];
  return logDriver === "awslogs" && group && prefix ? { group, prefix: `${prefix}/${name}/`, container: name } : undefined;
}

/** Options that say where a log driver, or FireLens, sends a log to. */
const DESTINATIONS = ["splunk-url", "syslog-address", "fluentd-address", "Host", "bucket", "delivery_stream", "log_group_name"];

/** Where the log of a container is that is not in CloudWatch, as a sentence; undefined for awslogs, and without a driver. */
export function loggedElsewhere(definition: ContainerDefinition): string | undefined {
  const { name, logConfiguration: { logDriver, options = {} } = {} } = definition;
  if (logDriver === undefined || logDriver === "awslogs" || logSource(definition)) return undefined;
  const to = DESTINATIONS.map((key) => options[key]).find((value) => value !== undefined);
  const where = to === undefined ? "" : ` (${to})`;
  const router = `FireLens sends it to ${options.Name ?? "what its configuration says"}`;
  return `The log of ${name} is not in CloudWatch: ${logDriver === "awsfirelens" ? router : `its log driver is ${logDriver}`}${where}.`;
}

/** The logs of all containers of a task definition, or of the one named. */
export function logSources(taskDefinition: TaskDefinition | undefined, container?: string): LogSource[] {
  return (taskDefinition?.containerDefinitions ?? [])
    .filter((definition) => container === undefined || definition.name === container)
    .map(logSource)
    .filter((source) => source !== undefined);
}

export function streamOf(source: LogSource, taskArn: string | undefined): string {
  return `${source.prefix}${taskId(taskArn)}`;
}

/** The last lines of one container of one task, oldest first; none when it never wrote any. */
export async function tail(aws: Aws, source: LogSource, taskArn: string | undefined, limit: number): Promise<LogLine[]> {
  const logs = aws.logs();
  try {
    const answer = await logs.getLogEvents({
      logGroupName: source.group,
      logStreamName: streamOf(source, taskArn),
      limit,
      startFromHead: false,
    });
    return (answer.events ?? []).map((event) => ({ at: event.timestamp ?? 0, text: (event.message ?? "").trimEnd() }));
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return [];
    throw error;
  }
}

/** Reads one stream from its beginning, a piece at each call: what was written since the last one. */
export class StreamReader {
  private token: string | undefined;

  constructor(
    private readonly aws: Aws,
    private readonly group: string,
    private readonly stream: string,
  ) {}

  async next(): Promise<LogLine[]> {
    const logs = this.aws.logs();
    const lines: LogLine[] = [];
    try {
      for (;;) {
        const answer = await logs.getLogEvents({
          logGroupName: this.group,
          logStreamName: this.stream,
          startFromHead: true,
          ...(this.token && { nextToken: this.token }),
        });
        lines.push(...(answer.events ?? []).map((event) => ({ at: event.timestamp ?? 0, text: (event.message ?? "").trimEnd() })));
        // CloudWatch returns the same token when there is no more.
        const more = answer.nextForwardToken !== this.token && (answer.events?.length ?? 0) > 0;
        this.token = answer.nextForwardToken;
        if (!more) return lines;
      }
    } catch (error) {
      // The stream appears with the container's first line.
      if ((error as Error).name === "ResourceNotFoundException") return lines;
      throw error;
    }
  }
}
