// What Pulumi's engine does to a policy pack: starts it with its runner, and asks it over the analyzer protocol.
import { type ChildProcess, spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

type Call<Q, A> = (request: Q, callback: (error: grpc.ServiceError | null, answer: A) => void) => unknown;

/** A pack that runs, and the engine's end of the line to it. */
export class Engine {
  private constructor(
    private readonly pack: ChildProcess,
    readonly client: AnalyzerClient,
  ) {}

  /** Starts the pack in the folder for a stack of that configuration, and waits for the port that it prints. */
  static async start(folder: string, config: Record<string, unknown> = {}): Promise<Engine> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder] });
    const settings = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]));
    const env = { ...process.env, PULUMI_CONFIG: JSON.stringify(settings), PULUMI_NODEJS_PROJECT: "shop", PULUMI_NODEJS_STACK: "dev" };
    const pack = spawn(process.execPath, [runner, "127.0.0.1:0", folder], { cwd: folder, env });
    const port = await new Promise<string>((resolve, reject) => {
      let errors = "";
      pack.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
      pack.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
      pack.once("exit", (code) => reject(new Error(`The pack ended with ${code}: ${errors}`)));
    });
    return new Engine(pack, new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()));
  }

  ask<Q, A>(call: Call<Q, A>, request: Q): Promise<A> {
    return new Promise((resolve, reject) => call.call(this.client, request, (error, answer) => (error ? reject(error) : resolve(answer))));
  }

  info(): Promise<AnalyzerInfo> {
    return this.ask<Empty, AnalyzerInfo>(this.client.getAnalyzerInfo, new Empty());
  }

  stop(): void {
    this.client.close();
    this.pack.kill();
  }
}
