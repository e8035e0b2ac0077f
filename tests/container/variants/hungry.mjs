// Takes memory until it is stopped.
const kept = [];
setInterval(() => kept.push(Buffer.alloc(50e6, 1)), 10);
