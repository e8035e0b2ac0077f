// A stack of the template for each customer, by Pulumi's Automation API: npx ts-node deploy.ts up acme
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation";

const onOutput = (text: string) => process.stderr.write(text);

/** A command of berth's. It takes the project from the folder, and the stack from its environment. */
function berth(stack: string, ...args: string[]): void {
  const { status } = spawnSync("npx", ["--no-install", "berth", ...args], {
    env: { ...process.env, BERTH_STACK: stack },
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`berth ${args.join(" ")} ended with exit status ${status}.`);
}

/** The customer's stack, and its stack file from dev's the first time. */
async function stackOf(customer: string): Promise<Stack> {
  const workspace = await LocalWorkspace.create({ workDir: process.cwd() });
  if (!existsSync(`Pulumi.${customer}.yaml`)) await workspace.saveStackSettings(customer, await workspace.stackSettings("dev"));
  const stack = await Stack.createOrSelect(customer, workspace);
  await stack.setConfig("tags.customer", { value: customer }, true);
  return stack;
}

async function up(customer: string): Promise<void> {
  const stack = await stackOf(customer);
  berth(customer, "verify");
  // It waits for the rollout: if this returns, the new revision serves.
  const { outputs } = await stack.up({ onOutput });
  berth(customer, "status");
  console.log(outputs.url?.value);
}

async function down(customer: string): Promise<void> {
  const stack = await LocalWorkspace.selectStack({ workDir: process.cwd(), stackName: customer });
  await stack.destroy({ onOutput });
  await stack.workspace.removeStack(customer);
}

const [action, customer] = process.argv.slice(2);
const actions: Record<string, (customer: string) => Promise<void>> = { up, down };
const chosen = actions[action ?? ""];
if (!chosen || !/^[a-z][a-z0-9-]*$/.test(customer ?? "")) {
  console.error("Usage: npx ts-node deploy.ts up|down CUSTOMER");
  process.exitCode = 1;
} else
  chosen(customer!).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
