"""One measurement of one system."""
import random
import signal
import time

import machine
from processes import wait_until


def prefix():
    return "t%x-" % random.getrandbits(40)


def percentile(values, p):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))]


class Cpu:
    """CPU-ms by group since it was made; PostgreSQL's always among them."""

    def __init__(self, system):
        self._parts = {"pg": system.postgres.group}
        self._parts.update({group.rsplit("-", 1)[1]: group for group in system.groups})
        self._before = {part: machine.cpu_ms(group) for part, group in self._parts.items()}

    def per(self, n):
        return {part: round((machine.cpu_ms(group) - self._before[part]) / n, 3) for part, group in self._parts.items()}


class Storage:
    """What PostgreSQL wrote and committed for a system since it was made."""

    TABLES = "select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    WAL = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
    FLUSHES = "select wal_sync from pg_stat_wal"
    COMMITS = "select xact_commit from pg_stat_database where datname = current_database()"

    def __init__(self, system):
        self._system = system
        self._before = self._read()

    def _read(self):
        if not self._system.database:
            return None
        time.sleep(1.1)  # a backend reports its statistics once a second
        return [self._system.postgres.number(sql, self._system.database) for sql in (self.TABLES, self.WAL, self.FLUSHES, self.COMMITS)]

    def per(self, n):
        if self._before is None:
            return {}
        tables, wal, flushes, commits = (after - before for before, after in zip(self._before, self._read()))
        return {
            "wal_bytes_task": round(wal / n),
            "table_bytes_task": round(tables / n),
            "tasks_commit": round(n / max(commits, 1), 1),
            "tasks_flush": round(n / max(flushes, 1), 1),
        }


def throughput(system, stub, n, limit=180):
    """Submits n tasks one by one and waits until the store says that they are completed."""
    stub.reset()
    base = system.done()
    storage = Storage(system)
    speed = machine.speed()
    busy, cpu, begin = machine.busy_ms(), Cpu(system), time.time()
    system.submit(n=n, prefix=prefix())()
    submitted = time.time()
    done, end = wait_done(system, stub, base, n, limit)
    used = cpu.per(done)
    seconds = end - begin
    total = sum(used.values())
    return {
        "n": n,
        "done": done,
        "seconds": round(seconds, 3),
        "submitted_after": round(submitted - begin, 3),
        "tasks_s": round(done / seconds),
        "cpu_ms_task": round(total, 3),
        "cpu": used,
        "others_cores": round((machine.busy_ms() - busy - total * done) / 1e3 / seconds, 2),
        "speed_ms": speed,
        "repeated_posts": stub.stats()["dups"],
        **storage.per(done),
    }


def agents(system, n, calls):
    """n conversations of so many iterations, and one for the last answer."""
    base = system.done()
    cpu, begin = Cpu(system), time.time()
    system.submit(n=n, prefix=prefix())()
    wait_until(lambda: system.done() - base >= n, 300, "all agents are done", step=0.1)
    iterations = n * (calls + 1)
    used = cpu.per(iterations)
    return {
        "iterations": iterations,
        "iterations_s": round(iterations / (time.time() - begin)),
        "cpu_ms_iteration": round(sum(used.values()), 3),
        "cpu": used,
    }


def wait_done(system, stub, base, n, limit):
    """Asks the stub first, which costs the system nothing, then the system's own store."""
    end = time.time() + limit
    while time.time() < end and stub.stats()["keys"] < n:
        time.sleep(0.02)
    while True:
        done = system.done() - base
        now = time.time()
        if done >= n or now > end:
            return done, now
        time.sleep(0.01)


def latency(system, stub, n, rate=20):
    """From submission to the end that the submitter sees, at a rate that leaves the system idle."""
    stub.reset()
    cpu = Cpu(system)
    took = system.latencies(n=n, rate=rate, prefix=prefix())
    if min(took) < 0:
        raise RuntimeError(f"{system.name}: a task failed")
    return {
        "n": n,
        "rate": rate,
        "p50": round(percentile(took, 50), 2),
        "p99": round(percentile(took, 99), 2),
        "max": round(max(took), 2),
        "cpu_ms_task": round(sum(cpu.per(n).values()), 2),
    }


def kill(system, stub, n):
    """kill -9 of the worker when three tenths of the POSTs have come, and a new one at once."""
    stub.reset()
    base = system.done()
    accepted = system.submit(n=n, prefix=prefix())
    if system.driver is system.worker:
        accepted()  # what was not submitted would die with its submitter
    wait_until(lambda: stub.stats()["keys"] >= 0.3 * n, 300, "three tenths of the POSTs", step=0.005)
    system.worker.kill(signal.SIGKILL)
    killed = time.time()
    time.sleep(0.12)
    before = stub.stats()
    system.restart_worker()
    ready = time.time()
    wait_until(lambda: stub.stats()["keys"] > before["keys"], 300, "the first new POST")
    first = time.time()
    if system.driver is not system.worker:
        accepted()
    done, end = wait_done(system, stub, base, n, 300)
    after = stub.stats()
    return {
        "n": n,
        "posts_before_kill": before["keys"],
        "ready_s": round(ready - killed, 2),
        "first_new_s": round(first - killed, 2),
        "all_done_s": round(end - killed, 2),
        "finished": done,
        "repeated_posts": after["dups"],
    }
