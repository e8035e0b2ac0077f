import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sourcePositions } from "../../sdk/positions";

describe("sourcePositions", () => {
  it("gives the places of the program's own files, by its source, above the frames to skip", () => {
    const stackTrace = sourcePositions();
    const resource = () => stackTrace(2);
    const component = () => resource();
    const [first, second] = component();
    assert.deepEqual([first?.uri, first?.line], [pathToFileURL(__filename).href, 9]);
    assert.deepEqual([second?.uri, second?.line], [pathToFileURL(__filename).href, 10]);
  });

  it("leaves libraries out: the rest of this stack is mocha's", () => {
    const files = new Set(sourcePositions()(1).map(({ uri }) => uri));
    assert.deepEqual([...files], [pathToFileURL(__filename).href]);
  });

  it("leaves the process's own writing of stacks as it was", () => {
    const before = [Error.prepareStackTrace, Error.stackTraceLimit];
    sourcePositions()(1);
    assert.deepEqual([Error.prepareStackTrace, Error.stackTraceLimit], before);
  });
});
