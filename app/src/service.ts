// What every HTTP service on ECS needs around its routes: JSON logs, and a shutdown that loses no request.
import { createServer } from "node:http";
import { Server } from "node:net";

/** One line of JSON on stdout: CloudWatch Logs can search it by field. */
export function log(level = "info", message = "", fields = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** The server: add a listener for "request" and call `start`. */
export const server = createServer();

// Longer than the load balancer's idle timeout of 60 s: if the app closes an idle connection first, a request may already be on it, and the client gets a 502.
server.keepAliveTimeout = 65_000;

let stopping = false;

server.on("request", (request, response) => {
  const began = performance.now();
  // A client with a kept connection would continue to send requests here; `close` makes it open its next connection elsewhere.
  if (stopping) response.setHeader("Connection", "close");
  response.on("close", () => {
    // Only the path: query strings contain tokens and names, and logs are kept for a long time.
    const path = request.url?.split("?")[0];
    const ms = Math.round((performance.now() - began) * 10) / 10;
    log("info", "request", { method: request.method, path, status: response.statusCode, complete: response.writableFinished, ms });
  });
});

/** Listens on the port that the task definition names (PORT), until ECS sends SIGTERM. */
export function start() {
  const port = process.env.PORT || "8000";
  server.listen(port, () => log("info", "listening", { port }));

  // ECS first removes the task from the load balancer and then sends SIGTERM; SIGKILL follows `stopTimeout` seconds later.
  process.once("SIGTERM", () => {
    log("info", "stopping");
    stopping = true;
    // The close() of http also closes idle connections at once, and with them a request that has arrived but is not read yet. So this one only
    // stops listening; a connection ends with its next response, or within a second if there is none.
    Server.prototype.close.call(server, () => {
      log("info", "stopped");
      process.exit(0);
    });
    setInterval(() => server.closeIdleConnections(), 1000);
  });
}
