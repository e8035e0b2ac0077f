// HAProxy in the place of the load balancer: two targets, each taken in and out at run time as ECS registers and deregisters tasks.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, freePort } from "./task";

export type Target = "old" | "new";

const address = (url: string) => url.replace("http://", "");

export class Balancer {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts with one target, at `old`; on a free port, unless one is given. */
  static async start(old: string, given?: number): Promise<Balancer> {
    const folder = mkdtempSync(join(tmpdir(), "berth-balancer-"));
    const port = given ?? (await freePort());
    writeFileSync(join(folder, "haproxy.cfg"), configuration(folder, port, address(old)));
    const process = spawn("haproxy", ["-db", "-f", join(folder, "haproxy.cfg")], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    process.stderr.on("data", (chunk) => {
      said += String(chunk);
    });
    const balancer = new Balancer(`http://127.0.0.1:${port}`, folder, process);
    await eventually("haproxy listens", 5, async () => (await fetch(balancer.url)).status > 0).catch((error: Error) => {
      throw new Error(`${error.message} It wrote: ${said}`);
    });
    return balancer;
  }

  /** Registers a new target. */
  async register(target: Target, url: string) {
    const [host, port] = address(url).split(":");
    await this.command(`set server service/${target} addr ${host} port ${port}`, /changed|no need/);
    await this.command(`set server service/${target} state ready`);
  }

  /** Deregisters a target: no new request goes to it, those in flight may finish. */
  drain = (target: Target) => this.command(`set server service/${target} state drain`);

  /** The end of the deregistration delay: what is still connected is cut. */
  async cut(target: Target) {
    await this.command(`set server service/${target} state maint`);
    await this.command(`shutdown sessions server service/${target}`);
  }

  async stop() {
    this.process.kill("SIGKILL");
    await once(this.process, "exit");
    rmSync(this.folder, { recursive: true });
  }

  private async command(line: string, expected = /^$/) {
    const socket = connect(join(this.folder, "admin.sock"));
    socket.end(`${line}\n`);
    let answer = "";
    for await (const chunk of socket) answer += String(chunk);
    if (!expected.test(answer.trim())) throw new Error(`haproxy: ${line}: ${answer.trim()}`);
  }
}

// Without retries: the load balancer repeats no request that has reached a target, so a failure here must show. Idle connections to a target that gets
// no more requests are given up soon, as the load balancer gives up those of a target that has left.
const configuration = (folder: string, port: number, old: string) => `
global
  stats socket ${join(folder, "admin.sock")} level admin
defaults
  mode http
  retries 0
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  default-server pool-purge-delay 500ms
listen service
  bind 127.0.0.1:${port}
  server old ${old}
  server new 127.0.0.1:1 disabled
`;
