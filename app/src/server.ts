// The sample service: replace its routes with your own. service.ts knows how to live and stop on ECS.
import { server, start } from "./service.js";

const routes = new Map(
  Object.entries({
    "/": { message: "Hello from Amazon ECS" },
    // Asked by the load balancer and by the container health check: 200 for as long as this task should get requests.
    "/health": { status: "ok" },
  }),
);

server.on("request", (request, response) => {
  const answer = routes.get(request.url?.split("?")[0] ?? "");
  const body = JSON.stringify(answer ?? { error: "not found" });
  response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
});

start();
