// Ignores SIGTERM, and says when it does.
process.on("SIGTERM", () => {});
setInterval(() => {}, 1000);
console.log(JSON.stringify({ message: "listening" }));
