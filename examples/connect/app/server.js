// Answers with what the API says, which it finds at API_URL.
const { createServer } = require("node:http");

const { PORT = "8080", API_URL = "http://localhost:8000" } = process.env;

const server = createServer(async (request, response) => {
  if (request.url === "/health") return response.end("ok");
  try {
    const answer = await fetch(API_URL);
    response.writeHead(answer.status, { "content-type": "text/plain" }).end(`The API says: ${await answer.text()}`);
  } catch (error) {
    response.writeHead(502).end(`The API does not answer: ${error.message}`);
  }
});
server.listen(Number(PORT));
process.on("SIGTERM", () => server.close());
