import assert from "node:assert/strict";
import { pullRequestOf, reviewHost, reviewStack } from "../../facts/review";

describe("review stacks", () => {
  it("are called after their pull request", () => {
    assert.equal(reviewStack(12), "pr-12");
    for (const number of [1, 12, 999_999_999]) assert.equal(pullRequestOf(reviewStack(number)), number);
    for (const other of ["pr-", "pr-0", "pr-012", "pr-1a", "dev", "my-pr-12", "pr-12-old", "pr-1234567890"])
      assert.equal(pullRequestOf(other), undefined, other);
  });

  it("have a host of their own, which keeps the first part of another", () => {
    assert.equal(reviewHost(12, "preview.example.com"), "pr-12.preview.example.com");
    assert.equal(reviewHost(12, "preview.example.com", "api.example.com"), "api-pr-12.preview.example.com");
    assert.equal(reviewHost(12, "preview.example.com", "*.example.com"), "pr-12.preview.example.com");
  });
});
