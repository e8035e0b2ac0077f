import { setFlagsFromString } from "node:v8";
import { type Command, Option } from "commander";
import type { PricesFlags } from "./cost/prices-command";
import type { PlanFlags } from "./flags";
import type { InitFlags } from "./init/init";

const collect = (value: string, before: string[]) => [...before, value];

/** Adds `berth plan` and `berth prices`. Pulumi and the AWS SDK are loaded only when their verb runs. */
export function register(program: Command): void {
  program
    .command("plan")
    .description("show what a stack would consist of: offline, without an account, the Pulumi CLI or Docker")
    .option("-s, --stack <name>", "the stack to plan", "dev")
    .option("-C, --cwd <dir>", "a folder of the Pulumi project", ".")
    .option("-c, --config <key=value>", "set or override a setting, as pulumi up does (repeatable)", collect, [])
    .option("--config-path", "read the keys of --config as paths: service.cpu=512")
    .option(
      "--platform <file>",
      "the outputs of the stack that this one refers to: pulumi stack output --json, pulumi stack export, or plan --json",
    )
    .option("--json", "print the plan, or the comparison, as one JSON object")
    .addOption(
      new Option("--summary", "print the plan on one screen").conflicts([
        "json",
        "markdown",
        "mermaid",
        "controls",
        "against",
        "againstStack",
        "deployed",
      ]),
    )
    .option("--html <file>", "also write the report, with the comparison, as one self-contained HTML file")
    .option("--mermaid", "print the architecture as a Mermaid diagram")
    .addOption(new Option("--controls <format>", "print the status of each security control").choices(["markdown", "csv", "json"]))
    .addOption(new Option("--against <plan.json>", "compare with a plan that plan --json wrote").conflicts("againstStack"))
    .option("--against-stack <name>", "compare with another stack of the project")
    .addOption(
      new Option("--deployed [file]", "compare with what is deployed: a file of pulumi stack export, or else what it says now").conflicts([
        "against",
        "againstStack",
      ]),
    )
    .option(
      "--beside <file>",
      "another stack on the same load balancer, as plan --json or pulumi stack export wrote it: warn where their rules clash (repeatable)",
      collect,
      [],
    )
    .addOption(
      new Option("--fail-on <severity>", "end with 1 on a finding of that severity or worse").choices([
        "critical",
        "high",
        "medium",
        "low",
      ]),
    )
    .option("--fail-on-stateful", "end with 1 if the update replaces, removes or interrupts what serves or holds data, or would be refused")
    .option("--markdown", "print the plan, or the comparison, as Markdown, for a pull request")
    .action(async (flags: PlanFlags) => {
      // By itself the heap of a large stack grows to four times what is alive before it is collected.
      setFlagsFromString("--heap-growing-percent=150");
      const { run } = require("./command") as typeof import("./command");
      process.exitCode = await run(flags);
    });

  program
    .command("init")
    .description("complete the stack files with what the app's Dockerfile and framework say; nothing that they say is changed")
    .option("-s, --stack <name>", "a stack whose file to complete or write (repeatable); default: dev and prod", collect, [])
    .option("-C, --cwd <dir>", "the folder of the project", ".")
    .option("--context <dir>", "the folder with the Dockerfile; default: the first of ., ./app and the other folders that has one")
    .option("--region <region>", "the AWS region of new stack files; default: us-east-1")
    .action((flags: InitFlags) => {
      const { init } = require("./init/init") as typeof import("./init/init");
      process.stdout.write(init(flags));
    });

  program
    .command("prices")
    .description("show the list prices that the plan uses, or refresh them from AWS")
    .option("--region <region>", "show the prices of this region; with --refresh, default: us-east-1")
    .option("--refresh", "read the prices from the AWS Pricing API (needs credentials, costs nothing) and write the region's list")
    .option("--json", "print JSON")
    .action(async (flags: PricesFlags) => {
      const { run } = require("./cost/prices-command") as typeof import("./cost/prices-command");
      process.exitCode = await run(flags);
    });
}
