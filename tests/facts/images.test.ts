import assert from "node:assert/strict";
import { imageComplaint } from "../../facts/images";

describe("a pinned image", () => {
  for (const uri of [
    "a/b@sha256:0",
    "a/b:1",
    "a/b:latest@sha256:0",
    "registry:5000/web:1",
    "mcr.microsoft.com/dotnet/aspnet:9.0",
    "acme/windows:1",
  ])
    it(`is ${uri}`, () => assert.equal(imageComplaint(uri), undefined));

  const FIX = "give a digest (…@sha256:…) or a tag that is never pushed twice.";
  const wrong: [uri: string, complaint: string][] = [
    ["a/b", `"a/b" has neither tag nor digest; ${FIX}`],
    ["a/b:latest", `"a/b:latest" is a moving tag; ${FIX}`],
    ["registry:5000/web", `"registry:5000/web" has neither tag nor digest; ${FIX}`],
  ];
  for (const uri of [
    "mcr.microsoft.com/windows/servercore:ltsc2022",
    "mcr.microsoft.com/dotnet/framework/aspnet:4.8",
    "python:3.13-windowsservercore",
  ])
    wrong.push([uri, `${uri} is for Windows, and tasks run Linux here; use an image for Linux.`]);
  for (const [uri, complaint] of wrong) it(`is not ${uri}`, () => assert.equal(imageComplaint(uri), complaint));
});
