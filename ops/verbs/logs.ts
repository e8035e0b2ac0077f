import { setTimeout as sleep } from "node:timers/promises";
import type { Task } from "@aws-sdk/client-ecs";
import { shortTaskId, taskId } from "../../facts/arns";
import { listed, UserError } from "../../facts/errors";
import { paintFor } from "../../tool/paint";
import { jsonText } from "../../tool/printable";
import { type LogSource, loggedElsewhere, logSources, streamOf } from "../diagnosis/container-logs";
import type { Observer } from "../follow/observe";
import type { Io } from "../io";
import { type Located, type LocationOptions, locateAll } from "../stack/locate";

export interface LogsOptions extends LocationOptions {
  follow?: boolean;
  /** Milliseconds back from now. */
  since: number;
  previous?: boolean;
  task?: string;
  container?: string;
  grep?: RegExp;
  every: number;
  json?: boolean;
}

/** Prints the log of the service, or where none is named of all services, in the order of time; `--follow` goes on until Ctrl-C. */
export async function logs(options: LogsOptions, io: Io): Promise<number> {
  const services = await locateAll(options, io);
  const ofOne = (["previous", "task", "container"] as const).find((option) => options[option] !== undefined);
  if (services.length > 1 && ofOne)
    throw new UserError(`--${ofOne} is about one service; name it by --service: ${listed(services.map(({ name }) => name!))}.`);
  const readers = (await Promise.all(services.map((service) => readersOf(service, options, io)))).flat();
  const print = printer(options, io);
  let lines = 0;
  const interrupt = options.follow ? io.interruption() : undefined;
  do {
    const events = (await Promise.all(readers.map((reader) => reader.next()))).flat();
    for (const entry of events.sort((a, b) => a.at - b.at)) if (print(entry)) lines++;
    if (interrupt) await sleep(options.every * 1000, undefined, { signal: interrupt }).catch(() => undefined);
  } while (interrupt && !interrupt.aborted);
  if (lines === 0 && !interrupt) io.err(`No ${options.grep ? "matching " : ""}log lines in that time; --since 6h looks further back.\n`);
  return 0;
}

/** What reads the log of a service: one reader for each container. */
async function readersOf({ name, observer }: Located, options: LogsOptions, io: Io): Promise<GroupReader[]> {
  const service = await observer.service();
  const task = options.previous ? await lastStopped(observer) : options.task ? await oneTask(observer, options.task) : undefined;
  const taskDefinition = await observer.taskDefinition(task?.taskDefinitionArn ?? service.taskDefinition!);
  const definitions = taskDefinition?.containerDefinitions ?? [];
  const sources = logSources(taskDefinition, options.container);
  const others = definitions
    .filter((definition) => options.container === undefined || definition.name === options.container)
    .flatMap((definition) => loggedElsewhere(definition) ?? []);
  if (sources.length === 0) {
    const names = definitions.map((definition) => definition.name ?? "?");
    const error = noLog(options, names, others);
    if (name === undefined) throw error;
    io.err(`${name}: ${error.message}\n`);
  } else for (const sentence of others) io.err(`${sentence}\n`);
  if (task && options.previous) io.err(`Log of task ${shortTaskId(task.taskArn)}, stopped: ${task.stoppedReason || task.stopCode}\n`);
  // A stopped task's log is read from its beginning: its age says nothing about whether it matters.
  const start = options.previous ? (task?.createdAt?.getTime() ?? 0) : Date.now() - options.since;
  const several = sources.length > 1;
  return sources.map((source) => {
    const label = [name, ...(several ? [source.container] : [])].filter(Boolean).join(" ");
    return new GroupReader(observer, source, { ...(name !== undefined && { service: name }), label }, start, task && taskId(task.taskArn));
  });
}

/** Whose log an entry is of. */
interface Whose {
  /** The service, where there are several. */
  service?: string;
  /** What stands before each line, where there is more than one container. */
  label: string;
}

interface Entry extends Whose {
  at: number;
  task: string;
  container: string;
  text: string;
}

/** How far CloudWatch may be behind: events of that age are looked for again, so that a late one is not lost. */
const LATE_MILLISECONDS = 15_000;

/** Reads one container's streams in a log group, a piece at each call. */
class GroupReader {
  /** Events already given, with their time: the same stretch is read twice because of late ones. */
  private given = new Map<string, number>();

  constructor(
    private readonly observer: Observer,
    private readonly source: LogSource,
    private readonly whose: Whose,
    private start: number,
    private readonly onlyTask: string | undefined,
  ) {}

  async next(): Promise<Entry[]> {
    const logs = this.observer.aws.logs();
    const { group, prefix, container } = this.source;
    const entries: Entry[] = [];
    let nextToken: string | undefined;
    do {
      const answer = await logs
        .filterLogEvents({
          logGroupName: group,
          startTime: this.start,
          ...(this.onlyTask ? { logStreamNames: [streamOf(this.source, this.onlyTask)] } : { logStreamNamePrefix: prefix }),
          ...(nextToken && { nextToken }),
        })
        .catch((error: Error) => {
          if (error.name === "ResourceNotFoundException") return { events: [], nextToken: undefined };
          throw error;
        });
      for (const { eventId = "", timestamp = 0, message = "", logStreamName = "" } of answer.events ?? []) {
        if (this.given.has(eventId)) continue;
        this.given.set(eventId, timestamp);
        entries.push({
          ...this.whose,
          at: timestamp,
          task: taskId(logStreamName).replace(/^.*-firelens-/, ""),
          container,
          text: message.trimEnd(),
        });
      }
      nextToken = answer.nextToken;
    } while (nextToken);
    this.moveOn();
    return entries;
  }

  private moveOn(): void {
    const newest = Math.max(this.start, ...this.given.values());
    this.start = Math.max(this.start, newest - LATE_MILLISECONDS);
    this.given = new Map([...this.given].filter(([, at]) => at >= this.start));
  }
}

/** A function that prints an entry that matches, and returns whether it did. */
function printer({ grep, json }: LogsOptions, io: Io): (entry: Entry) => boolean {
  const paint = paintFor(io.color.out);
  return (entry) => {
    if (grep && !grep.test(entry.text)) return false;
    const { at, service, label, task, container, text } = entry;
    const time = new Date(at).toISOString();
    if (json) io.out(`${jsonText({ time, ...(service !== undefined && { service }), task, container, message: text })}\n`);
    else io.out(`${paint.dim([time.slice(11, 23), shortTaskId(task), label].filter(Boolean).join(" "))} ${text}\n`);
    return true;
  };
}

async function lastStopped(observer: Observer): Promise<Task> {
  const [last] = await observer.tasks("STOPPED");
  if (last) return last;
  throw new UserError(
    "No task of this service stopped within the last hour, so there is no previous one; ECS lists stopped tasks for about an hour.",
    ["`npx berth logs --since 6h` still shows what older tasks wrote."],
  );
}

async function oneTask(observer: Observer, requested: string): Promise<Task> {
  const tasks = [...(await observer.tasks("RUNNING")), ...(await observer.tasks("STOPPED"))];
  const found = tasks.filter((task) => taskId(task.taskArn).startsWith(taskId(requested)));
  if (found.length === 1) return found[0]!;
  const ids = tasks.map((task) => shortTaskId(task.taskArn)).join(", ") || "none";
  throw new UserError(`--task ${requested} matches ${found.length} tasks of this service; it has: ${ids}.`);
}

function noLog({ container }: LogsOptions, names: string[], elsewhere: string[]): UserError {
  if (container && !names.includes(container))
    return new UserError(`There is no container ${container} in this service; it has: ${names.join(", ")}.`);
  if (elsewhere.length > 0) return new UserError(elsewhere.join(" "), ["Look for it there; berth reads CloudWatch Logs alone."]);
  return new UserError(
    `${container ? `The container ${container} writes` : "The containers of this service write"} no CloudWatch log that is separate for each task.`,
    ["The log driver has to be awslogs, with awslogs-group and awslogs-stream-prefix."],
  );
}
