import assert from "node:assert/strict";
import { guardedIo, processIo } from "../../ops/io";

/** Runs something with other properties of a stream of this process, and what it wrote. */
function withStream(name: "stdout" | "stderr", properties: Record<string, unknown>, run: () => void): string {
  const stream = process[name];
  const saved = Object.getOwnPropertyDescriptors(stream) as Record<string, PropertyDescriptor | undefined>;
  let text = "";
  const write = (more: string) => {
    text += more;
    return true;
  };
  const changed = { ...properties, write };
  for (const [key, value] of Object.entries(changed)) Object.defineProperty(stream, key, { value, configurable: true, writable: true });
  try {
    run();
  } finally {
    for (const key of Object.keys(changed)) {
      const before = saved[key];
      if (before) Object.defineProperty(stream, key, before);
      else delete (stream as unknown as Record<string, unknown>)[key];
    }
  }
  return text;
}

describe("the input and output of the process", () => {
  const environment = { ...process.env };
  beforeEach(() => {
    delete process.env.NO_COLOR;
    delete process.env.FORCE_COLOR;
    process.env.TERM = "xterm";
  });
  afterEach(() => {
    for (const key of ["NO_COLOR", "FORCE_COLOR", "TERM"]) {
      if (environment[key] === undefined) delete process.env[key];
      else process.env[key] = environment[key];
    }
  });

  it("is as wide as the terminal, or 120 columns", () => {
    for (const [columns, width] of [
      [80, 80],
      [0, 120],
      [undefined, 120],
    ])
      withStream("stderr", { columns }, () => assert.equal(processIo.width, width));
  });

  it("is colored where a stream is a terminal, each for itself, and nowhere with NO_COLOR or a dumb terminal", () => {
    const colors = () => {
      let found = { out: false, err: false };
      withStream("stdout", { isTTY: true }, () => withStream("stderr", { isTTY: undefined }, () => (found = processIo.color)));
      return found;
    };
    assert.deepEqual(colors(), { out: true, err: false });
    process.env.TERM = "dumb";
    assert.deepEqual(colors(), { out: false, err: false });
    process.env.TERM = "xterm";
    process.env.NO_COLOR = "1";
    assert.deepEqual(colors(), { out: false, err: false });
  });

  it("redraws only on a terminal", () => {
    withStream("stderr", { isTTY: true }, () => assert.equal(processIo.terminal, true));
    withStream("stderr", { isTTY: undefined }, () => assert.equal(processIo.terminal, false));
    assert.equal(
      withStream("stderr", {}, () => processIo.erase(3)),
      "\u001b[3A\u001b[0J",
    );
  });

  it("writes results and messages to streams of their own", () => {
    let err = "";
    const out = withStream("stdout", {}, () => {
      err = withStream("stderr", {}, () => {
        processIo.out("result\n");
        processIo.err("message\n");
      });
    });
    assert.deepEqual([out, err], ["result\n", "message\n"]);
  });

  it("aborts at the first signal, and leaves the next one to the process", () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const before = [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")];
      const interrupt = processIo.interruption();
      assert.equal(interrupt.aborted, false);
      process.emit(signal);
      assert.equal(interrupt.aborted, true);
      assert.deepEqual([process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")], before);
    }
  });

  it("shows texts from elsewhere without what steers a terminal", () => {
    let text = "";
    const io = guardedIo({
      ...processIo,
      out: (more) => {
        text += more;
      },
      err: (more) => {
        text += more;
      },
    });
    io.out("\u001b[2Ja\u001b[31mred\u001b[0m");
    io.err("\u001b]0;title\u0007b");
    assert.equal(text, "a\u001b[31mred\u001b[0mb");
  });
});
