import { spawn } from "node:child_process";
import type { Session, Task } from "@aws-sdk/client-ecs";
import { clusterName, shortTaskId, taskId } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { mainContainer } from "../diagnosis/evidence";
import type { Io } from "../io";
import { type LocationOptions, locate, run } from "../stack/locate";

export interface ExecOptions extends LocationOptions {
  task?: string;
  container?: string;
}

const PLUGIN = "session-manager-plugin";
const INSTALL = "Install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html";
/** The first version that takes the session from its environment; before it, the token had to stand on the command line for all to see. */
const MINIMUM_PLUGIN = "1.2.497.0";

/** Opens a shell (or runs a command) in a running task. Every prerequisite is checked first, and named when it is missing. */
export async function exec(command: string[], options: ExecOptions, io: Io): Promise<number> {
  await checkPlugin(io);
  const { observer } = await locate(options, io);
  const service = await observer.service();
  const task = pickTask(await observer.tasks("RUNNING"), options.task);
  const definition = await observer.taskDefinition(task.taskDefinitionArn!);
  const names = (task.containers ?? []).map((container) => container.name ?? "?");
  const name = options.container ?? mainContainer(definition, service)?.name ?? names[0];
  const container = task.containers?.find((candidate) => candidate.name === name);
  if (!container) throw new UserError(`The task ${shortTaskId(task.taskArn)} has no container ${name}; it has: ${names.join(", ")}.`);
  if (!task.enableExecuteCommand) throw notEnabled(task, service.enableExecuteCommand === true);
  const agent = container.managedAgents?.find((candidate) => candidate.name === "ExecuteCommandAgent");
  if (agent?.lastStatus !== "RUNNING") {
    const readOnly = definition?.containerDefinitions?.find((candidate) => candidate.name === name)?.readonlyRootFilesystem;
    throw new UserError(
      `The exec agent of the container ${name} is ${agent?.lastStatus ?? "absent"}${agent?.reason ? ` (${agent.reason})` : ""}, so no session can be opened.`,
      [
        definition?.taskRoleArn
          ? `The task role must allow ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel: ${definition.taskRoleArn}.`
          : "The task has no task role: give it one that allows the four ssmmessages:* actions.",
        "The task needs a network path to ssmmessages: NAT, or a VPC endpoint.",
        ...(readOnly
          ? [`The container ${name} has a read-only root filesystem: the agent has to write to /var/lib/amazon and /var/log/amazon.`]
          : []),
        "The agent runs about half a minute after the task has started.",
      ],
    );
  }

  const ecs = observer.aws.ecs();
  io.err(`Task ${shortTaskId(task.taskArn)}, container ${name}. Changes made in it are lost when the task ends.\n`);
  const { session } = await ecs.executeCommand({
    cluster: observer.cluster,
    task: task.taskArn,
    container: name,
    command: command.length > 0 ? command.map(quote).join(" ") : "/bin/sh",
    interactive: true,
  });
  const target = `ecs:${clusterName(observer.cluster)}_${taskId(task.taskArn)}_${container.runtimeId}`;
  return openSession(session!, await observer.aws.region(), target, io);
}

/** Hands the terminal to the plugin. The session's token goes through the environment, where no other user can read it. */
function openSession(session: Session, region: string, target: string, io: Io): Promise<number> {
  const variable = "AWS_SSM_START_SESSION_RESPONSE";
  const { sessionId: SessionId, streamUrl: StreamUrl, tokenValue: TokenValue } = session;
  // wss://ssmmessages.REGION.SUFFIX/… tells the partition's domain; the plugin resumes sessions through the ssm endpoint beside it.
  const endpoint = `https://${new URL(StreamUrl!).hostname.replace(/^ssmmessages/, "ssm")}`;
  return new Promise((resolve, reject) => {
    const child = spawn(PLUGIN, [variable, region, "StartSession", "", JSON.stringify({ Target: target }), endpoint], {
      stdio: "inherit",
      env: { ...io.env, [variable]: JSON.stringify({ SessionId, StreamUrl, TokenValue }) },
    });
    // Ctrl-C belongs to the program in the container: the plugin sends it there.
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    child.on("error", reject);
    child.on("exit", (code) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 1);
    });
  });
}

async function checkPlugin(io: Io): Promise<void> {
  const { error, stdout } = await run(PLUGIN, ["--version"], io);
  if (error) throw new UserError(`berth exec needs AWS's ${PLUGIN}, which is not installed or not on PATH.`, [INSTALL]);
  if (compareVersions(stdout.trim(), MINIMUM_PLUGIN) < 0) {
    throw new UserError(`${PLUGIN} ${stdout.trim()} is too old; berth exec needs ${MINIMUM_PLUGIN} or later.`, [INSTALL]);
  }
}

/** Negative when `a` is the older of two dotted versions. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest running task, or the one that is named by the beginning of its id. */
function pickTask(tasks: Task[], requested: string | undefined): Task {
  const running = tasks.filter((task) => task.lastStatus === "RUNNING");
  const matching = requested ? running.filter((task) => taskId(task.taskArn).startsWith(taskId(requested))) : running;
  const newest = [...matching].sort((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0))[0];
  if (newest && (!requested || matching.length === 1)) return newest;
  if (!requested) throw new UserError("The service has no running task to open a session in.", ["`npx berth status` shows why."]);
  const ids = running.map((task) => shortTaskId(task.taskArn)).join(", ") || "none";
  throw new UserError(`--task ${requested} matches ${matching.length} running tasks of this service; running: ${ids}.`);
}

function notEnabled(task: Task, onService: boolean): UserError {
  if (onService) {
    return new UserError(`The task ${shortTaskId(task.taskArn)} started before exec was enabled on the service, so it has no exec agent.`, [
      "Deploy again (`pulumi up` with a change, or `aws ecs update-service --force-new-deployment`) and use a new task.",
    ]);
  }
  return new UserError("Exec is not enabled on this service (enableExecuteCommand).", [
    "Set service.exec: true and run `pulumi up`: new tasks then carry the agent. It gives whoever may call ecs:ExecuteCommand a shell in production.",
  ]);
}

/** ECS takes the command as one string and splits it like a shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
