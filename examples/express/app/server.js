const express = require("express");

const app = express();
app.get("/", (_request, response) => response.send("Hello from Express.\n"));
const server = app.listen(process.env.PORT ?? 3000);
// The load balancer reuses connections for 60 seconds: it, and not the app, ends an idle one.
server.keepAliveTimeout = 65_000;
process.on("SIGTERM", () => server.close());
