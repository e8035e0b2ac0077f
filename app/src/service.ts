// What every HTTP service on ECS needs around its routes: JSON logs, and a stop that loses no request.
import { createServer } from "node:http";
import { Server } from "node:net";

/** One line of JSON on stdout: CloudWatch Logs can search it by field. */
export function log(level = "info", message = "", fields = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** The server: add a listener for "request" and call `start`. */
export const server = createServer();

// Longer than the load balancer's idle timeout of 60 s: were the app the first to close an idle connection, a request could be on its way, and that is a 502.
server.keepAliveTimeout = 65_000;

let stopping = false;

server.on("request", (request, response) => {
  const began = performance.now();
  // A client that keeps its connection would go on sending here; told to close it, it takes its next request elsewhere.
  if (stopping) response.setHeader("Connection", "close");
  response.on("close", () => {
    // The path alone: query strings carry tokens and names, and logs are kept for long.
    const path = request.url?.split("?")[0];
    const ms = Math.round((performance.now() - began) * 10) / 10;
    log("info", "request", { method: request.method, path, status: response.statusCode, complete: response.writableFinished, ms });
  });
});

/** Listens on the port that the task definition names (PORT), until ECS sends SIGTERM. */
export function start() {
  const port = process.env.PORT || "8000";
  server.listen(port, () => log("info", "listening", { port }));

  // ECS takes the task out of the load balancer first and sends SIGTERM after that; SIGKILL follows `stopTimeout` seconds later.
  process.once("SIGTERM", () => {
    log("info", "stopping");
    stopping = true;
    // The close() of http also cuts idle connections at once, and with them a request that has arrived but is not read yet. So this one only
    // stops listening; a connection ends with its next response, or within a second when it has none.
    Server.prototype.close.call(server, () => {
      log("info", "stopped");
      process.exit(0);
    });
    setInterval(() => server.closeIdleConnections(), 1000);
  });
}
