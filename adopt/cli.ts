import { type Command, Option } from "commander";
import type { CheckFlags } from "./check/check";
import type { AdoptFlags } from "./command";

const SOURCES = ["compose", "copilot", "taskDefinition", "cluster"];

/** A flag that names what is adopted: one of them is given. */
const source = (flags: string, description: string, own: string) =>
  new Option(flags, description).conflicts(SOURCES.filter((name) => name !== own));

const collect = (value: string, before: string[]) => [...before, value];

/** Adds `berth adopt`. What it needs is loaded when it runs. */
export function register(program: Command): void {
  const command = program
    .command("adopt")
    .description("make a stack file of what exists: a compose file, Copilot's manifests, or a service that runs; nothing is changed in AWS")
    .addOption(source("--compose <file>", "a compose file", "compose"))
    .addOption(source("--copilot <dir>", "the copilot folder of an app; needs --env", "copilot"))
    .option("--env <name>", "the Copilot environment")
    .option("--stacks <file>", "what `aws cloudformation describe-stacks` printed, with --copilot: what runs is taken over where it is")
    .addOption(source("--task-definition <file>", "what `aws ecs describe-task-definition` printed", "taskDefinition"))
    .option("--service-definition <file>", "what `aws ecs describe-services` printed, with --task-definition")
    .addOption(source("--cluster <name>", "the cluster of the services that run; needs --service", "cluster"))
    .option(
      "--service <name>",
      "a service: of the cluster, or of the compose file or the manifests, where not all are wanted (repeatable)",
      collect,
      [],
    )
    .option("-s, --stack <name>", "the stack whose file is written; default: the environment, or prod")
    .option("-C, --cwd <dir>", "a folder of the Pulumi project", ".")
    .option("--region <region>", "the AWS region; default: what the source says, AWS_REGION, or us-east-1")
    .option("--json", "print what was found as JSON, and write no file")
    .action(async (flags: AdoptFlags) => {
      const { adopt } = require("./command") as typeof import("./command");
      process.stdout.write(await adopt(flags));
    });
  // What stands behind `check` is the flag of the check, and not of `adopt`, which has some of the same name.
  program.enablePositionalOptions();
  command.enablePositionalOptions();
  command
    .command("check")
    .description(
      "say how far the steps of the report are; AWS, the state and the stack file are only read; ends with 1 where something contradicts",
    )
    .addOption(source("--copilot <dir>", "the copilot folder of an app; needs --env", "copilot"))
    .option("--env <name>", "the Copilot environment")
    .addOption(source("--cluster <name>", "the cluster of the services that run; needs --service", "cluster"))
    .option("--service <name>", "a service, or one of the manifests, where not all are wanted (repeatable)", collect, [])
    .option("-s, --stack <name>", "the stack that takes over; default: the environment, or prod")
    .option("-C, --cwd <dir>", "a folder of the Pulumi project", ".")
    .option("--region <region>", "the AWS region; default: AWS_REGION, or that of the profile")
    .action(async (flags: CheckFlags) => {
      const { check } = require("./check/check") as typeof import("./check/check");
      const { text, status } = await check(flags);
      process.stdout.write(text);
      process.exitCode = status;
    });
  command
    .command("retain")
    .description("print a template of CloudFormation with DeletionPolicy: Retain on each resource")
    .argument("<template>", "what `aws cloudformation get-template` printed; - reads it from stdin")
    .option("--check", "print nothing, and fail where a resource would be deleted with its stack")
    .action((template: string, flags: { check?: boolean }) => {
      const { retain } = require("./copilot/retain") as typeof import("./copilot/retain");
      process.stdout.write(retain(template, flags));
    });
}
