// Has a request in flight when SIGTERM comes: the headers go out at once, the body 2 seconds after the signal.
import { server, start } from "./service.js";

server.on("request", (_, response) => {
  response.flushHeaders();
  process.once("SIGTERM", () => setTimeout(() => response.end("done"), 2000));
});
start();
