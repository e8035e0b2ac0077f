import { Argument, type Command, Option } from "commander";
import { UserError } from "../facts/errors";
import { failureLines } from "../tool/errors";
import { paintFor } from "../tool/paint";
import {
  count,
  flag,
  jsonStrings,
  listOf,
  pattern,
  positive,
  pullRequest,
  pullRequests,
  strategy,
  strings,
  timeSpan,
  volumes,
} from "./arguments";
import { guardedIo, type Io, processIo } from "./io";
import type { CapacityOptions } from "./verbs/capacity";
import type { CopyImageOptions } from "./verbs/copy-image";
import type { DeregisterOptions } from "./verbs/deregister";
import type { DoctorOptions } from "./verbs/doctor";
import type { ExecOptions } from "./verbs/exec";
import type { LogsOptions } from "./verbs/logs";
import type { ReviewOptions } from "./verbs/review";
import type { RollbackOptions } from "./verbs/rollback";
import type { RunOptions } from "./verbs/run";
import type { SecretsOptions } from "./verbs/secrets";
import type { StatusOptions } from "./verbs/status";
import type { VerifyOptions } from "./verbs/verify";
import type { WaitOptions } from "./verbs/wait";
import type { WakeOptions } from "./verbs/wake";
import type { WhyOptions } from "./verbs/why";

/**
 * Loaded at the first use, so that help is quick. `require` and not `import()`: in compiled CommonJS the latter cannot find a TypeScript file,
 * and it loads the AWS SDK's many small modules three times as slowly.
 */
const verbs = {
  wait: () => require("./verbs/wait") as typeof import("./verbs/wait"),
  status: () => require("./verbs/status") as typeof import("./verbs/status"),
  why: () => require("./verbs/why") as typeof import("./verbs/why"),
  logs: () => require("./verbs/logs") as typeof import("./verbs/logs"),
  exec: () => require("./verbs/exec") as typeof import("./verbs/exec"),
  run: () => require("./verbs/run") as typeof import("./verbs/run"),
  rollback: () => require("./verbs/rollback") as typeof import("./verbs/rollback"),
  open: () => require("./verbs/open") as typeof import("./verbs/open"),
  review: () => require("./verbs/review") as typeof import("./verbs/review"),
  secrets: () => require("./verbs/secrets") as typeof import("./verbs/secrets"),
  doctor: () => require("./verbs/doctor") as typeof import("./verbs/doctor"),
  verify: () => require("./verbs/verify") as typeof import("./verbs/verify"),
  capacity: () => require("./verbs/capacity") as typeof import("./verbs/capacity"),
  wake: () => require("./verbs/wake") as typeof import("./verbs/wake"),
  copyImage: () => require("./verbs/copy-image") as typeof import("./verbs/copy-image"),
  deregister: () => require("./verbs/deregister") as typeof import("./verbs/deregister"),
  completion: () => require("./verbs/completion") as typeof import("./verbs/completion"),
};

/** What `verify` ends with where it cannot say anything. */
const COULD_NOT_RUN = 2;

/** Adds the day-two commands to berth's own. */
export function register(program: Command, given: Io = processIo): void {
  const io = guardedIo(given);
  const run = (verb: () => Promise<number>) => guarded(io, verb);

  located(program.command("wait"))
    .summary("follow a rollout to its end")
    .description(
      "Follows a rollout until it is decided. Exits with 0 only if the requested revision is the one that serves; otherwise it explains why not.",
    )
    .addOption(
      new Option("--task-definition <revision>", "FAMILY:REVISION or ARN to wait for; default: what the stack deployed last").env(
        "BERTH_TASK_DEFINITION",
      ),
    )
    .addOption(timeout("minutes to wait; default: 20, plus the strategy's bake times and pauses"))
    .addOption(
      new Option("--on-failure <action>", "what happens to a rollout that cannot succeed: leave it to ECS, or have ECS roll it back")
        .env("BERTH_ON_FAILURE")
        .choices(["leave", "rollback"])
        .default("leave"),
    )
    .addOption(new Option("--reason <json>", "what an update changed that starts a deployment").env("BERTH_REASON").hideHelp())
    .addOption(every())
    .addOption(json())
    .action((options: WaitOptions) => run(() => verbs.wait().wait(options, io)));

  located(program.command("status"))
    .summary("show tasks, health, deployment, scaling, alarms and the last stops")
    .description(
      "Shows the service as it is now: tasks with health, revision and image, the deployment, targets, scaling, alarms, and why the last tasks stopped. Of several services, unless one is named, a line each.",
    )
    .addOption(json())
    .action((options: StatusOptions) => run(() => verbs.status().status(options, io)));

  located(program.command("why"))
    .summary("show the last incident on one time line, and its likely cause")
    .description(
      "Shows the last incident of a service from AWS's records, in order: deployments, stops with exit codes, what ECS could not do, scaling and alarms; what came first, the likely cause, and what to do.",
    )
    .addOption(new Option("--since <time>", "how far back: 30s, 10m, 2h, 1d").argParser(timeSpan).default(21_600_000, "6h"))
    .addOption(json())
    .action((options: WhyOptions) => run(() => verbs.why().why(options, io)));

  located(program.command("logs"))
    .summary("print or follow the log")
    .description("Prints the log of all tasks in chronological order, and of all services unless one is named.")
    .option("-f, --follow", "continue until Ctrl-C")
    .addOption(new Option("--since <time>", "how far back: 30s, 10m, 2h, 1d").argParser(timeSpan).default(600_000, "10m"))
    .option("--previous", "the last stopped task, from its beginning")
    .option("--task <id>", "one task only, by the beginning of its id")
    .option("--container <name>", "one container only")
    .addOption(new Option("--grep <regex>", "only lines that match").argParser(pattern))
    .addOption(every())
    .addOption(new Option("--json", "one JSON object per line: time, task, container, message"))
    .action((options: LogsOptions) => run(() => verbs.logs().logs(options, io)));

  located(program.command("exec"))
    .summary("open a shell in a running task")
    .description("Opens a shell in a running task, or runs a command there: berth exec -- ls /data. Names a prerequisite that is missing.")
    .argument("[command...]", "what to run; default: /bin/sh")
    .option("--task <id>", "the task, by the beginning of its id; default: the newest")
    .option("--container <name>", "the container; default: the one behind the load balancer")
    .action((command: string[], options: ExecOptions) => run(() => verbs.exec().exec(command, options, io)));

  located(program.command("run"))
    .summary("run a one-off task and return its exit code")
    .description(
      "Starts a one-off task with the service's own settings (or a task of the stack, by --task), follows its log and returns its exit code: " +
        "berth run -- npm run migrate. Ctrl-C stops the task. " +
        "With --cluster and --task-definition and no --service it needs no service.",
    )
    .argument("[command...]", "what to run; default: BERTH_COMMAND (a JSON array), else the container's own command")
    .option("--task <name>", "a one-off task of the stack, instead of the service's own")
    .addOption(
      new Option("--task-definition <revision>", "FAMILY:REVISION or ARN; default: what the service runs").env("BERTH_TASK_DEFINITION"),
    )
    .addOption(new Option("--subnets <ids>", "subnets, separated by commas; default: the service's").env("BERTH_SUBNETS").argParser(listOf))
    .addOption(
      new Option("--security-groups <ids>", "security groups, separated by commas; default: the service's")
        .env("BERTH_SECURITY_GROUPS")
        .argParser(listOf),
    )
    .addOption(new Option("--assign-public-ip [boolean]", "give the task a public IP").env("BERTH_ASSIGN_PUBLIC_IP").argParser(flag))
    .addOption(
      new Option("--capacity-provider-strategy <json>", "where to run; default: as the service")
        .env("BERTH_CAPACITY_PROVIDER_STRATEGY")
        .argParser(strategy),
    )
    .addOption(
      new Option("--volumes <json>", "volumes that ECS makes; default: as the service").env("BERTH_VOLUMES").argParser(volumes).hideHelp(),
    )
    .addOption(
      new Option("--container <name>", "the container that gets the command; default: the one behind the load balancer").env(
        "BERTH_CONTAINER",
      ),
    )
    .addOption(timeout("minutes after which the task is stopped (exit status 124); default: never"))
    .addOption(every())
    .action((command: string[], options: RunOptions) =>
      run(() => verbs.run().runOneOff(command.length > 0 ? command : commandFromEnvironment(io), options, io)),
    );

  located(program.command("rollback"))
    .summary("deploy an earlier revision again")
    .description("Rolls the service back to the previous good revision, or to a named one, and follows that to its end.")
    .option("--to <revision>", "revision number, FAMILY:REVISION or ARN; default: the last one that was deployed successfully")
    .addOption(timeout("minutes to wait; default: 20, plus the strategy's bake times and pauses"))
    .addOption(every())
    .addOption(json())
    .action((options: RollbackOptions) => run(() => verbs.rollback().rollback(options, io)));

  located(program.command("open"))
    .summary("open the service's URL")
    .description("Prints the service's URL, and on a terminal opens it in the browser.")
    .action((options: WaitOptions) => run(() => verbs.open().open(options, io)));

  program
    .command("secrets")
    .summary("encrypt a secret in the stack file, or list where secrets come from")
    .description(
      "set NAME asks for a value, or reads it from stdin, and encrypts it in the stack file, so that pulumi up stores it in Secrets Manager as the variable NAME of a service. " +
        "list prints the names of all secrets and where each comes from. Neither prints a value.",
    )
    .addArgument(new Argument("<action>", "what to do").choices(["set", "list"]))
    .argument("[name]", "the variable that set is about")
    .addOption(stackOption())
    .addOption(new Option("--service <name>", "one of the stack's services; default: service, or the only one").env("BERTH_SERVICE"))
    .option("--task <name>", "a task of the stack file, instead of a service")
    .addOption(json())
    .action((action: string, name: string | undefined, options: SecretsOptions) =>
      run(async () => {
        if (action === "list") return verbs.secrets().listSecrets(options, io);
        if (name === undefined) throw new UserError("The name of the variable is missing: berth secrets set NAME.");
        return verbs.secrets().setSecret(name, options, io);
      }),
    );

  program
    .command("review")
    .summary("a stack for each pull request: deploy one, destroy one, list them, destroy what is left over")
    .description(
      "up NUMBER deploys the stack of a pull request (pr-NUMBER) from the stack file, and prints where it answers; down NUMBER destroys it; list prints all of them; " +
        "reap destroys those without a deploy for review.expiresAfterDays, and prints which. All of it is done by the Pulumi CLI.",
    )
    .addArgument(new Argument("<action>", "what to do").choices(["up", "down", "list", "reap"]))
    .addArgument(new Argument("[number]", "the pull request that up and down are about").argParser(pullRequest))
    .addOption(new Option("-s, --stack <name>", "the stack whose file they are made from; default: dev").env("BERTH_STACK"))
    .addOption(
      new Option("--open <numbers>", "pull requests that are open, separated by commas: reap destroys all others").argParser(pullRequests),
    )
    .option("--dry-run", "reap prints what it would destroy")
    .addOption(json())
    .action((action: string, number: number | undefined, options: ReviewOptions) =>
      run(async () => {
        const { reviewUp, reviewDown, listReviews, reapReviews } = verbs.review();
        if (action === "list") return listReviews(options, io);
        if (action === "reap") return reapReviews(options, io);
        if (number === undefined) throw new UserError(`The number of the pull request is missing: berth review ${action} NUMBER.`);
        return (action === "up" ? reviewUp : reviewDown)(number, options, io);
      }),
    );

  located(program.command("doctor"))
    .summary("check credentials, region, quotas, tools, and the app in a container")
    .description(
      "Checks what a deployment needs: each line is ok, or says how to fix it. In a project it also builds the app's image with Docker, starts it as ECS would " +
        "(user, read-only root, memory, capabilities), asks its health and stops it. Exits with 1 if something required is missing.",
    )
    .option("--no-container", "neither build nor start the app's image")
    .option("--env-file <file>", "variables for that container, such as the values of its secrets: one NAME=value a line")
    .addOption(json())
    .action((options: DoctorOptions) => run(() => verbs.doctor().doctor(options, io)));

  placed(program.command("verify"))
    .summary("ask AWS, before a deploy, whether it would fail")
    .description(
      "Plans the stack, then asks AWS what a deploy of it can fail by: secrets, images, addresses, quotas, certificates, priorities, permissions. It changes nothing. " +
        "Exits with 1 if something was found; what AWS does not permit to ask is said and skipped.",
    )
    .option("--deployed <file>", "what is deployed: a file of pulumi stack export; default: what it says now")
    .option("--platform <file>", "the outputs of the stack that this one refers to, as plan takes them")
    .option("--container", "also build the app's image and start it as ECS would")
    .option("--env-file <file>", "variables for that container, such as the values of its secrets: one NAME=value a line")
    .addOption(json())
    .action((options: VerifyOptions) => guarded(io, () => verbs.verify().verify(options, io), COULD_NOT_RUN));

  located(program.command("deregister", { hidden: true }))
    .description("Deregisters and deletes the revisions of a family of task definitions. `pulumi destroy` runs it.")
    .addOption(new Option("--family <name>", "the task definition's family").env("BERTH_FAMILY").makeOptionMandatory())
    .addOption(new Option("--tags <json>", "only revisions that carry all of these tags").env("BERTH_TAGS").argParser(strings))
    .addOption(new Option("--up-to <revision>", "only revisions up to this one").env("BERTH_TASK_DEFINITION"))
    .action((options: DeregisterOptions) => run(() => verbs.deregister().deregister(options, io)));

  const capacity = (name: string, minutes: number, what: string, verb: keyof ReturnType<typeof verbs.capacity>) =>
    located(program.command(name, { hidden: true }))
      .description(`${what} \`pulumi up\` runs it.`)
      .addOption(
        new Option("--capacity-provider <names>", "the capacity providers, by name or ARN, separated by commas")
          .env("BERTH_CAPACITY_PROVIDER")
          .argParser(listOf)
          .makeOptionMandatory(),
      )
      .addOption(timeout("minutes to wait").default(minutes))
      .addOption(every())
      .action((options: CapacityOptions) => run(() => verbs.capacity()[verb](options, io)));
  capacity("attach-capacity-provider", 15, "Adds capacity providers to a cluster, once they are ACTIVE.", "attach");
  capacity("detach-capacity-provider", 50, "Removes capacity providers from a cluster, once nothing uses them.", "detach");

  located(program.command("wake", { hidden: true }))
    .description("Gives a service that sleeps its range of tasks. `pulumi up` runs it when the hours of sleep are removed.")
    .addOption(
      new Option("--min-tasks <count>", "the smallest number of tasks").env("BERTH_MIN_TASKS").argParser(count).makeOptionMandatory(),
    )
    .addOption(
      new Option("--max-tasks <count>", "the largest number of tasks").env("BERTH_MAX_TASKS").argParser(count).makeOptionMandatory(),
    )
    .action((options: WakeOptions) => run(() => verbs.wake().wake(options, io)));

  placed(program.command("copy-image", { hidden: true }))
    .description("Copies an image from one repository in ECR to another, with its digest. `pulumi up` runs it for image.from.")
    .addOption(new Option("--image <uri>", "the image, by digest").env("BERTH_IMAGE").makeOptionMandatory())
    .addOption(new Option("--repository <url>", "the repository that it goes to").env("BERTH_REPOSITORY").makeOptionMandatory())
    .action((options: CopyImageOptions) => run(() => verbs.copyImage().copyImage(options, io)));

  program
    .command("completion")
    .summary("print a completion script")
    .description(
      "Prints a script that completes verbs, options and stacks, after berth and npx berth: source <(npx berth completion bash), or the same for zsh; npx berth completion fish | source.",
    )
    .argument("<shell>", "bash, zsh or fish")
    .action((shell: string) =>
      run(async () => {
        io.out(verbs.completion().completion(program, shell));
        return 0;
      }),
    );
}

/** Options that find a service. */
function located(command: Command): Command {
  return placed(
    command,
    new Option("--cluster <name>", "the ECS cluster, instead of the stack's").env("BERTH_CLUSTER"),
    new Option("--service <name>", "one of the stack's services; with --cluster, an ECS service").env("BERTH_SERVICE"),
  );
}

/** Options that find a stack, and AWS. */
function placed(command: Command, ...more: Option[]): Command {
  const options = [
    stackOption(),
    ...more,
    new Option("--region <region>", "the AWS region; default: the stack's").env("BERTH_REGION"),
    new Option("--profile <name>", "the AWS profile; default: the stack's").env("BERTH_PROFILE"),
    new Option("--assume-roles <json>", "the provider's roles, assumed one after the other").env("BERTH_ASSUME_ROLES").hideHelp(),
    new Option("--endpoints <json>", "the provider's endpoints").env("BERTH_ENDPOINTS").hideHelp(),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

function stackOption(): Option {
  return new Option("-s, --stack <name>", "the Pulumi stack; default: dev").env("BERTH_STACK");
}

function timeout(description: string): Option {
  return new Option("--timeout <minutes>", description).env("BERTH_TIMEOUT_MINUTES").argParser(positive);
}

function every(): Option {
  return new Option("--every <seconds>", "seconds between two polls of AWS").argParser(positive).default(5);
}

function json(): Option {
  return new Option("--json", "print the result as JSON");
}

function commandFromEnvironment(io: Io): string[] {
  return io.env.BERTH_COMMAND ? jsonStrings(io.env.BERTH_COMMAND) : [];
}

/** Runs a verb, and prints its failure as every verb's is printed. */
async function guarded(io: Io, verb: () => Promise<number>, onFailure = 1): Promise<void> {
  try {
    io.exit(await verb());
  } catch (error) {
    io.err(`${failureLines(error, paintFor(io.color.err)).join("\n")}\n`);
    io.exit(onFailure);
  }
}
