"""bench/run [n] [scenario]: see README.md."""
import json
import os
import sys
import time

import machine
import processes
import scenarios
from settings import HOME, REPETITIONS

DEFAULT = "http-floor journal-floor drover drover-http drover-kafka restate"


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    scenario = sys.argv[2] if len(sys.argv) > 2 else "all"
    postgres = processes.Postgres()
    postgres.start()
    stub = processes.Stub()
    bench = scenarios.Bench(postgres, stub, n, os.environ.get("SYSTEMS", DEFAULT).split())
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, n = {n}, {REPETITIONS} repetitions, speed {machine.speed()} ms, load {os.getloadavg()[0]}", flush=True)
    try:
        scenarios.run(bench, scenario)
    finally:
        processes.stop_all()
        stub.stop()
        postgres.stop()
        os.makedirs(os.path.join(HOME, "results"), exist_ok=True)
        with open(os.path.join(HOME, "results", time.strftime("%Y%m%d-%H%M%S") + ".json"), "w") as file:
            json.dump(bench.results, file, indent=1)


main()
