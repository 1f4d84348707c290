#!/usr/bin/env python3
"""A small model of a fleet on one PostgreSQL: which part is full first with 1, 10, 100 or 1000 workers.

    python3 bench/scaling.py [--pg-cores 8] [--running 100] [--partitions 12] [--max-connections 100] [--validate]

Each task makes six commits one after the other (submitted, claimed, three calls, ended). A worker groups the commits of a kind that
arrive while its previous one is under way, as GroupCommit does; a commit takes a core of PostgreSQL for its fixed part and its rows, then
waits for the disk. Records come from Kafka: a partition is read by one worker, which submits; any worker does the rest. A commit of
submissions wakes every worker. What workers cost by being there is spread over the cores of PostgreSQL, and makes commits slower by so
much. Each worker has a core of its own. All constants were measured on the 2 cores of bench/README.md:

COMMIT_MS, ROW_MS    fitted to two points of bench/README.md's run: CPU of PostgreSQL a task is 0.122 ms at 16.1 tasks a commit (drover-kafka)
                     and 0.233 ms at 3.5 (drover-http)
FLEET_MS             bench/run 10000 workers, two workers: 0.35 ms a task at 5.9 tasks a commit, where the fit for one says 0.17
WORKER_MS            drover-kafka's worker, the same run
FLUSH_MS             fdatasync of that machine
INTAKE_PER_S         records that one process took in, the same page: inserts included, on two shared cores
the costs of being there: bench/run 10000 fleet, CPU by cgroup. A NOTIFY costs each listening session, whether it is of use or not
"""
import argparse
import heapq
import itertools
import random
from collections import deque

COMMIT_MS, ROW_MS, FLEET_MS = 0.495, 0.0152, 0.178
WORKER_MS, FLUSH_MS = 0.405, 0.5
STEPS = ["submit", "claim", "call", "call", "call", "end"]
INTAKE_PER_S = 40_000
CONNECTIONS = 12        # spring.datasource.hikari.maximum-pool-size: the most; 1 of them listens
RESERVED = 3            # superuser_reserved_connections
TURNS = 4               # PostgresFleet.TURNS

HEARTBEAT_US, HELD_US, CLAIM_US, PROMOTE_US, COUNT_US = 250, 80, 60, 28, 50
NOTIFY_US = 20          # for each session that listens
ORPHANS_US = 0.206      # for each running task
DEPTHS_US = 0.209       # for each running task, up to 100,000


def idle_cores(workers, running):
    """Cores of PostgreSQL that go to heartbeats, polls and counts, with so many running tasks in all."""
    turns = min(workers, TURNS)
    each = (HEARTBEAT_US + HELD_US) / 3 + CLAIM_US + COUNT_US + DEPTHS_US * min(running, 100_000) / 5
    for_all = PROMOTE_US * 4 + (60 + ORPHANS_US * running) / 3
    return {"each": workers * each / 1e6, "for_all": turns * for_all / 1e6, "for_all_without_turns": workers * for_all / 1e6}


class Cores:
    """So many servers with one queue: when work that comes now is done."""

    def __init__(self, number):
        self._free = [0.0] * number
        self.busy = 0.0

    def run(self, now, ms):
        start = max(now, heapq.heappop(self._free))
        heapq.heappush(self._free, start + ms)
        self.busy += ms
        return start + ms


def simulate(workers, tasks, pg_cores, per_s=None, partitions=None, machine_cores=None, lost=0.0, seed=1):
    """`per_s`: tasks come so often, else as fast as they are read. `machine_cores`: everything shares them, as on the bench's machine."""
    draw = random.Random(seed)
    readers = min(workers, partitions or workers)
    slower = 1 / max(0.001, 1 - lost / pg_cores)
    if machine_cores:
        shared = Cores(machine_cores)
        pg, own = shared, [shared] * workers
    else:
        pg, own = Cores(pg_cores), [Cores(1) for _ in range(workers)]
    waiting = [{kind: deque() for kind in set(STEPS)} for _ in range(workers)]
    flushing = [dict.fromkeys(STEPS, False) for _ in range(workers)]
    order, events = itertools.count(), []
    begun, done, commits = [0.0] * tasks, [], 0
    fleet_ms = FLEET_MS / len(STEPS) if workers > 1 else 0.0
    notify_ms = NOTIFY_US * workers / 1000 if workers > 1 else 0.0

    def at(ms, *event):
        heapq.heappush(events, (ms, next(order), event))

    def flush(now, worker, kind):
        nonlocal commits
        batch = [waiting[worker][kind].popleft() for _ in range(min(500, len(waiting[worker][kind])))]
        flushing[worker][kind] = True
        commits += 1
        cpu = COMMIT_MS + (ROW_MS + fleet_ms) * len(batch) + (notify_ms if kind == "submit" else 0.0)
        at(pg.run(now, cpu * slower) + FLUSH_MS, "flushed", worker, kind, batch)

    clock = 0.0
    for task in range(tasks):
        clock = clock + draw.expovariate(per_s / 1000) if per_s else task // readers * 1000 / INTAKE_PER_S
        begun[task] = clock
        at(clock, "step", task % readers, 0, task)
    while events:
        now, _, event = heapq.heappop(events)
        if event[0] == "step":
            _, worker, step, task = event
            at(own[worker].run(now, WORKER_MS / len(STEPS)), "write", worker, step, task)
        elif event[0] == "write":
            _, worker, step, task = event
            waiting[worker][STEPS[step]].append((step, task))
            if not flushing[worker][STEPS[step]]:
                flush(now, worker, STEPS[step])
        else:
            _, worker, kind, batch = event
            flushing[worker][kind] = False
            for step, task in batch:
                if step + 1 < len(STEPS):
                    at(now, "step", worker if step else task % workers, step + 1, task)
                else:
                    done.append(now - begun[task])
            if waiting[worker][kind]:
                flush(now, worker, kind)
    done.sort()
    per_s = tasks / now * 1000
    return {"per_s": per_s, "p50": done[tasks // 2], "p99": done[tasks * 99 // 100], "batch": tasks / commits,
            "pg_cores": pg.busy / slower / now,
            "used": {"PostgreSQL's cores": pg.busy / now / pg_cores,
                     "workers' cores": sum(cores.busy for cores in own) / now / workers,
                     "partitions": per_s / (readers * INTAKE_PER_S)}}


def predict(workers, pg_cores, running, partitions):
    """What the fleet does at most, and how long tasks take at 70 % of that."""
    idle = idle_cores(workers, workers * running)
    lost = idle["each"] + idle["for_all"]
    if lost >= pg_cores:
        return idle, None, None
    tasks = max(20_000, 30 * workers)
    most = simulate(workers, tasks, pg_cores, partitions=partitions, lost=lost)
    return idle, most, simulate(workers, tasks, pg_cores, per_s=0.7 * most["per_s"], partitions=partitions, lost=lost)


def table(pg_cores, running, partitions, max_connections):
    print(f"{pg_cores} cores for PostgreSQL, one for each worker, {running} running tasks each, {partitions} partitions; times at 70 % of the most.")
    print(f"max_connections = {max_connections} is enough for {(max_connections - RESERVED) // CONNECTIONS} workers")
    print("| workers | tasks/s at most | full first | tasks a commit | cores: tasks | cores: being there | without turns | p50 ms | p99 ms | readers: records/s | connections |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for workers in (1, 10, 100, 1000):
        idle, most, steady = predict(workers, pg_cores, running, partitions)
        there = idle["each"] + idle["for_all"]
        without = idle["each"] + idle["for_all_without_turns"]
        done = "0 | PostgreSQL's cores | – | –"
        if most:
            first = max(most["used"], key=most["used"].get)
            done = f"{most['per_s']:,.0f} | {first} ({most['used'][first]:.0%}) | {most['batch']:.1f} | {most['pg_cores']:.1f}"
        times = f"{steady['p50']:.0f} | {steady['p99']:.0f}" if steady else "– | –"
        readers = min(workers, partitions)
        connections = workers * CONNECTIONS
        over = " (too many)" if connections > max_connections - RESERVED else ""
        print(f"| {workers} | {done} | {there:.3f} | {without:.3f} | {times} | {readers}: {readers * INTAKE_PER_S:,} | {connections:,}{over} |")


def validate():
    """Against points that no constant was fitted to."""
    print("| what | predicted | measured | error |")
    print("|---|---|---|---|")
    alone = 6 * ROW_MS + COMMIT_MS / 9.2
    four = 6 * ROW_MS + COMMIT_MS / 4.95 + FLEET_MS + 4 * NOTIFY_US / 1000 / 6 / 4.95
    points = [
        ("CPU of PostgreSQL a task in ms, drover, 9.2 tasks a commit", alone, 0.154),
        ("the same, four workers, 4.95 tasks a commit", four, 0.389),
        ("tasks/s, drover-kafka, 2 shared cores", simulate(1, 10_000, 1, machine_cores=2)["per_s"], 3184),
        ("p50 in ms, drover at 20 tasks/s, 2 shared cores", simulate(1, 400, 1, per_s=20, machine_cores=2)["p50"], 5.5),
    ]
    for what, predicted, measured in points:
        print(f"| {what} | {predicted:.3g} | {measured:.3g} | {(predicted / measured - 1) * 100:+.0f} % |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pg-cores", type=int, default=8)
    parser.add_argument("--running", type=int, default=100, help="tasks that each worker runs at once")
    parser.add_argument("--partitions", type=int, default=12, help="of the topic that is read")
    parser.add_argument("--max-connections", type=int, default=100, help="of PostgreSQL, whose default this is")
    parser.add_argument("--validate", action="store_true")
    arguments = parser.parse_args()
    if arguments.validate:
        validate()
    else:
        table(arguments.pg_cores, arguments.running, arguments.partitions, arguments.max_connections)


main()
