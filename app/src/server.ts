// The sample service: replace its routes with your own. service.ts handles logging and shutdown on ECS.
import { server, start } from "./service.js";

const routes = new Map(
  Object.entries({
    "/": { message: "Hello from Amazon ECS" },
    // For the load balancer's and the container's health check: 200 as long as this task should get requests.
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
