#!/usr/bin/env python3
"""Renews facts/data/instance-types.json: what EC2 instance types have, from the data that the PyPI package moto ships (made of AWS's own
DescribeInstanceTypes). Usage: python3 scripts/refresh-instance-types.py [version of moto]; needs pip and the network."""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

DATA = "moto/ec2/resources/instance_types.json.gz"
target = pathlib.Path(__file__).parent.parent / "facts/data/instance-types.json"
wanted = "moto" + (f"=={sys.argv[1]}" if len(sys.argv) > 1 else "")

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, wanted], check=True)
    wheel = next(pathlib.Path(folder).glob("moto-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        info = archive.getinfo(DATA)
        raw = json.loads(gzip.decompress(archive.read(DATA)))

types = {}
for name, t in sorted(raw.items()):
    network = t["NetworkInfo"]
    card = network["NetworkCards"][network.get("DefaultNetworkCardIndex", 0)] if network.get("NetworkCards") else {}
    arch = [a for a in t["ProcessorInfo"]["SupportedArchitectures"] if a in ("x86_64", "arm64")]
    if not arch:
        continue
    gpus = sum(g["Count"] for g in t.get("GpuInfo", {}).get("Gpus", []))
    # [vCPU, MiB, network interfaces, architecture, GPUs]
    types[name] = [t["VCpuInfo"]["DefaultVCpus"], t["MemoryInfo"]["SizeInMiB"], card.get("MaximumNetworkInterfaces", network["MaximumNetworkInterfaces"]), arch[0], int(gpus)]

head = {"source": wheel.name.removesuffix("-py3-none-any.whl"), "date": "%04d-%02d-%02d" % info.date_time[:3], "columns": ["vcpu", "memory", "interfaces", "architecture", "gpus"]}
lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(values, separators=(',', ':'))}" for name, values in types.items())
target.write_text(json.dumps(head, indent=2)[:-2] + ',\n  "types": {\n' + lines + "\n  }\n}\n")
print(f"{len(types)} instance types of {head['date']} written to {target}")
