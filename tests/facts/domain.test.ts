import assert from "node:assert/strict";
import { domainComplaint, zoneOf } from "../../facts/domain";

describe("domain names", () => {
  for (const legal of ["example.com", "app.example.com", "a-b.c.example.co.uk", "xn--bcher-kva.example", "1.example.com"]) {
    it(`takes ${legal}`, () => assert.equal(domainComplaint(legal), undefined));
  }

  const mended: [given: string, bare: string][] = [
    ["https://app.example.com/", "app.example.com"],
    ["app.example.com/login", "app.example.com"],
    ["app.example.com:8443", "app.example.com"],
    ["app.example.com.", "app.example.com"],
    ["App.Example.com", "app.example.com"],
  ];
  for (const [given, bare] of mended) {
    it(`mends ${given}`, () => assert.equal(domainComplaint(given), `"${given}" is not a bare domain name; write "${bare}".`));
  }

  for (const wrong of [
    "localhost",
    "exa mple.com",
    "-a.example.com",
    "a-.example.com",
    "a..com",
    "10.0.0.1",
    "",
    "*.example.com",
    `${"a".repeat(64)}.com`,
  ]) {
    it(`refuses "${wrong.slice(0, 20)}"`, () =>
      assert.equal(domainComplaint(wrong), `${JSON.stringify(wrong)} is not a domain name; write one like "app.example.com".`));
  }

  it("refuses one that is too long for a certificate", () => {
    const long = `${"a".repeat(60)}.example.com`;
    assert.equal(domainComplaint(long), `"${long}" is 72 characters long; a certificate's first name has at most 64.`);
  });

  it("are looked for in the parent's zone, an apex in its own", () => {
    assert.deepEqual(["app.example.com", "a.b.example.com", "example.com"].map(zoneOf), ["example.com", "b.example.com", "example.com"]);
  });
});
