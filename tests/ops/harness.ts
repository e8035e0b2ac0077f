import assert from "node:assert/strict";
import { Command } from "commander";
import { register } from "../../ops/cli";
import type { Io } from "../../ops/io";
import { assertDocumented } from "./permissions";
import { ScriptedAws } from "./scripted-aws";

export interface Result {
  status: number | undefined;
  out: string;
  err: string;
}

export interface HarnessOptions {
  /** Variables to set, or (undefined) to take away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Ctrl-C comes when the output so far satisfies this. */
  interruptWhen?: (result: Result) => boolean;
}

/** Keys of the developer's own environment that would change what a test sees. */
const FOREIGN = /^(?:AWS_|BERTH_|PULUMI_|(?:NO|FORCE)_COLOR)/;

/** Runs `berth …` in this process, with the AWS SDK pointed at `endpoint`. */
export async function berth(endpoint: string, args: string[], options: HarnessOptions = {}): Promise<Result> {
  const saved = { ...process.env };
  for (const key of Object.keys(process.env)) if (FOREIGN.test(key)) delete process.env[key];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    ...options.env,
  });
  for (const [key, value] of Object.entries(options.env ?? {})) if (value === undefined) delete process.env[key];
  const result: Result = { status: undefined, out: "", err: "" };
  const controller = new AbortController();
  const noticed = () => {
    if (options.interruptWhen?.(result)) controller.abort();
  };
  const io: Io = {
    out: (text) => {
      result.out += text;
      noticed();
    },
    err: (text) => {
      result.err += text;
      noticed();
    },
    erase: () => assert.fail("there is no terminal to erase from"),
    terminal: false,
    color: { out: false, err: false },
    width: 120,
    env: process.env,
    cwd: options.cwd ?? "/",
    interruption: () => controller.signal,
    exit: (code) => {
      result.status = code;
    },
  };
  const program = new Command("berth").exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  register(program, io);
  try {
    await program.parseAsync(["node", "berth", ...args]);
  } catch (error) {
    const { code, exitCode } = error as { code?: string; exitCode?: number };
    if (!code?.startsWith("commander.")) throw error;
    result.status = exitCode;
  } finally {
    for (const key of Object.keys(process.env)) if (!(key in saved)) delete process.env[key];
    Object.assign(process.env, saved);
  }
  // Every test holds the calls to the documented permissions.
  assertDocumented(args[0] ?? "", ScriptedAws.at(endpoint)?.calls.map(({ action }) => action) ?? []);
  return result;
}
