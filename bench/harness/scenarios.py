"""The scenarios: which systems are started, how, and what is measured on them."""
import os
import signal
import subprocess
import time

import fleet
import machine
import measure
import report
from processes import wait_until
from settings import BENCH, CLASSES, HOME, HOST, JAVA, MODEL_PORT, PG_PORT, REPETITIONS, WARM_UP
from systems import SYSTEMS, BareAgent, Drover, DroverAgent, DroverFleet, DroverFromKafka, DroverOverHttp, SealedDrover, http_status, model_stub


class Bench:
    def __init__(self, postgres, stub, n, names):
        self.postgres = postgres
        self.stub = stub
        self.n = n
        self.names = names
        self.results = {}

    def _systems(self):
        for name in self.names:
            system = SYSTEMS[name](name, self.postgres)
            if system.installed():
                yield system
            else:
                print(f"{name}: skipped, it is not installed (see README.md)", flush=True)

    def _started(self):
        """All systems, warmed up and paused: only the one that is measured runs."""
        started = []
        for system in self._systems():
            print(f"{system.name}: starting", flush=True)
            system.start()
            measure.throughput(system, self.stub, WARM_UP)
            system.pause()
            started.append(system)
        return started

    def _keep(self, scenario, system, result):
        self.results.setdefault(scenario, {}).setdefault(system, []).append(result)
        print(f"{scenario} {system} {result}", flush=True)

    def throughput(self):
        """Rounds over all systems, so that a slow moment of the machine meets all of them."""
        systems = self._started()
        for _ in range(REPETITIONS):
            for system in systems:
                system.resume()
                self._keep("throughput", system.name, measure.throughput(system, self.stub, self.n))
                system.pause()
        self._latency(systems)
        for system in systems:
            system.resume()
            self._keep("memory", system.name, {"peak_rss_mb": round(machine.peak_rss_mb(system.worker.pid))})
            system.stop()

    def latency(self):
        systems = self._started()
        self._latency(systems)
        for system in systems:
            system.resume()
            system.stop()

    def _latency(self, systems):
        for _ in range(max(1, REPETITIONS // 2)):
            for system in systems:
                system.resume()
                time.sleep(2)
                self._keep("latency", system.name, measure.latency(system, self.stub, 400))
                system.pause()

    def inflight(self):
        """Up to 2,000 tasks in flight, calls that take 0 and 50 ms; then 10,000 in flight, calls that take 1 s."""
        for system in self._systems():
            system.start(concurrency=2000)
            measure.throughput(system, self.stub, WARM_UP)
            for delay in (0, 50) * REPETITIONS:
                self.stub.delay(delay)
                self._keep(f"inflight {delay} ms", system.name, measure.throughput(system, self.stub, self.n))
            self.stub.delay(0)
            system.stop()
            if type(system) is Drover:  # the other modes differ in how tasks come in only
                self._ten_thousand(system)

    def _ten_thousand(self, system):
        """Calls of 1 s, then calls so long that all 10,000 are surely in flight at once."""
        for delay in (1000, 5000):
            system.start(concurrency=10_000)
            measure.throughput(system, self.stub, WARM_UP)
            self.stub.delay(delay)
            running = machine.Peak(lambda: system.worker.ask(cmd="running")["running"])
            result = measure.throughput(system, self.stub, 20_000)
            result["most_in_flight"] = running.stop()
            result["peak_rss_mb"] = round(machine.peak_rss_mb(system.worker.pid))
            self.stub.delay(0)
            self._keep(f"10,000 in flight, calls of {delay} ms", system.name, result)
            system.stop()

    def kill(self):
        for system in self._systems():
            if not system.finds_itself_after_kill:
                continue
            system.start(concurrency=2000)
            self.stub.delay(50)
            self._keep("kill", system.name, measure.kill(system, self.stub, 2000))
            self.stub.delay(0)
            system.stop()

    def claim(self):
        """The time of one claim with 1 k, 100 k and 5 M queued tasks, and after 5 M completed ones."""
        system = Drover("drover", self.postgres)
        system.role = "trigger"
        system.start()
        loaded = 0
        for queued in (1_000, 100_000, 5_000_000):
            self._load(queued - loaded)
            loaded = queued
            self._claim(system, f"{queued} queued")
        self.postgres.query("update task set status = 'COMPLETED', output = '{}', finished_at = now() where status = 'QUEUED'", system.database)
        self._load(10_000)
        self._claim(system, "after 5 M completed, not vacuumed yet")
        self.postgres.query("vacuum analyze task", system.database)
        self._claim(system, "after 5 M completed, vacuumed")
        system.stop()

    def _load(self, n):
        self.postgres.query(f"""
            insert into task (id, workflow, key, status, input)
            select gen_random_uuid(), 'support-ticket', 'load-' || i, 'QUEUED', '{{"subject":"where is my order"}}'
              from generate_series(1, {n}) i""", Drover.database)

    def _claim(self, system, case):
        for batch in (1, 50):
            took = system.worker.ask(cmd="claim", batch=batch, rounds=100 if batch == 1 else 10)["ms"]
            self._keep("claim " + case, f"batch of {batch}", {
                "p50_ms": round(measure.percentile(took, 50), 3), "p90_ms": round(measure.percentile(took, 90), 3), "max_ms": round(max(took), 3)})

    def intake(self):
        """Records that wait in a topic become tasks; nobody works on them."""
        system = DroverFromKafka("drover-kafka", self.postgres)
        system.role = "trigger"
        for _ in range(REPETITIONS):
            system.start()
            self._intake(system, 20_000)  # warm-up
            self._keep("intake", system.name, self._intake(system, 200_000))
            system.stop()

    def _intake(self, system, n):
        sql = "select count(*) from task"
        base = self.postgres.number(sql, system.database)
        system.worker.deliver(signal.SIGSTOP)
        system.submit(n=n, prefix=measure.prefix())()
        system.worker.deliver(signal.SIGCONT)
        cpu, begin = measure.Cpu(system), time.time()
        wait_until(lambda: self.postgres.number(sql, system.database) >= base + n, 300, "all records are tasks", step=0.1)
        seconds = time.time() - begin
        return {"records": n, "records_s": round(n / seconds), "cpu": cpu.per(n)}

    def workers(self):
        """The same tasks with more and more workers on the same cores and database."""
        for size in (1, 2, 4, 8):
            system = DroverFleet("drover-kafka", self.postgres)
            system.size = size
            system.start()
            measure.throughput(system, self.stub, size * WARM_UP, limit=600)
            for _ in range(REPETITIONS):
                self._keep("workers", f"{size} workers", measure.throughput(system, self.stub, self.n, limit=600))
            system.stop()

    def fleet(self):
        """What many workers cost PostgreSQL by being there."""
        system = Drover("drover", self.postgres)
        system.role = "trigger"
        system.start()
        system.stop()
        fleet.measure(self._keep, self.postgres, system.database)

    def agent(self):
        """Ten calls of a model that answers at once, each with a call of a tool: the loop's own cost."""
        calls = 10
        stub = model_stub(calls)
        wait_until(lambda: http_status(MODEL_PORT, "/") is not None, 20, "the stub of the model is up")
        systems = [BareAgent("bare-agent", self.postgres), DroverAgent("drover-agent", self.postgres)]
        for system in systems:
            system.start()
            measure.agents(system, WARM_UP // calls, calls)
            system.pause()
        for _ in range(REPETITIONS):
            for system in systems:
                system.resume()
                self._keep("agent", system.name, measure.agents(system, self.n // calls, calls))
                system.pause()
        for system in systems:
            system.resume()
            system.stop()
        stub.kill()

    def guard(self):
        """What the guard adds to a call of a tool, by JMH."""
        self.postgres.fresh("guard")
        url = f"jdbc:postgresql://{HOST}:{PG_PORT}/guard?user=postgres"
        classpath = CLASSES + ":" + open(os.path.join(HOME, "classpath")).read().strip()
        subprocess.run(
            [JAVA, "-Djdbc.url=" + url, "-Droutes=" + os.path.join(BENCH, "routes-guard"), "-cp", classpath, "io.drover.bench.GuardOverhead"],
            check=True,
        )

    def start(self):
        """From exec to readiness, on a database that has its tables: the jar as it is, and laid out with an AOT cache."""
        system = DroverOverHttp("drover-http", self.postgres)
        system.start()
        system.worker.kill()
        layouts = {"one jar": [], "extracted, AOT cache": system.lay_out()}
        for _ in range(REPETITIONS):
            for layout, flags in layouts.items():
                system.flags = flags
                begin = time.time()
                system.restart_worker()
                self._keep("start", layout, {"ready_s": round(time.time() - begin, 2)})
                system.worker.kill()
        system.stop()

    def aot(self):
        """Latency over HTTP with an AOT cache that was written after load: its profiles say what to compile first."""
        system = DroverOverHttp("drover-http", self.postgres)
        system.start()
        system.worker.kill()
        system.flags = system.lay_out(lambda: measure.throughput(system, self.stub, WARM_UP))
        system.restart_worker()
        measure.throughput(system, self.stub, 2 * WARM_UP)
        for _ in range(REPETITIONS):
            self._keep("latency", "drover-http, AOT cache", measure.latency(system, self.stub, 400))
        system.stop()


    def waits(self):
        """What 100,000 waiting tasks cost by being there, and how fast signals wake tasks, against tasks that do not wait."""
        waiting, woken, quiet = 100_000, 10_000, 30
        system = Drover("drover", self.postgres)
        system.routes = ["routes", "routes-waits"]
        system.start()
        self._until_ended(system, "plain", self._insert("plain", "warm-up", woken), woken)
        self._keep("waits, CPU-ms a second", "nothing waits", self._idle(system, quiet))
        self.postgres.query(self._insert("waiting", "w", waiting), system.database)
        wait_until(lambda: self._count(system, "waiting", "WAITING") == waiting, 600, "all wait", step=0.5)
        time.sleep(quiet)  # what came with them is over
        self._keep("waits, CPU-ms a second", "100,000 wait", self._idle(system, quiet))
        for round in range(REPETITIONS):
            self._keep("waits, rate", "tasks", self._until_ended(system, "plain", self._insert("plain", f"p{round}", woken), woken))
            self._keep("waits, rate", "signals", self._until_ended(system, "waiting", f"""
                insert into signal (source, name, key, body, sent_by)
                select gen_random_uuid(), 'go', 'w' || i, '1', 'bench'
                  from generate_series({round * woken + 1}, {(round + 1) * woken}) i""", woken))
        system.stop()

    def children(self):
        """How fast a task's children end, and it with them, against as many tasks that are submitted one by one."""
        system = Drover("drover", self.postgres)
        system.routes = ["routes", "routes-waits"]
        system.start()
        for turn in range(-1, REPETITIONS):
            plain = self._until_new_ended(system, "plain", self.n, lambda: system.submit(n=self.n, prefix=measure.prefix(), workflow="plain")())
            family = self._until_new_ended(system, "fan-out", 1, lambda: self.postgres.query(f"""
                insert into task (id, workflow, status, input)
                select gen_random_uuid(), 'fan-out', 'QUEUED', json_build_object('items', json_agg(json_build_object('key', 'r{turn}-' || i)))
                  from generate_series(1, {self.n}) i;
                notify drover_task""", system.database))
            if turn >= 0:  # the first one is the warm-up
                self._keep("children, rate", "tasks", plain)
                self._keep("children, rate", "children", family)
        self._keep("children, memory", "drover", {"peak_rss_mb": round(machine.peak_rss_mb(system.worker.pid))})
        system.stop()

    def sealed(self):
        """With encryption at rest and without it, inputs of 1, 10 and 100 KiB."""
        systems = [Drover("drover", self.postgres), SealedDrover("drover-sealed", self.postgres)]
        for system in systems:
            system.start()
            system.payload = 1024
            measure.throughput(system, self.stub, WARM_UP)
            system.pause()
        for kib, part in ((1, 1), (10, 2), (100, 10)):
            for _ in range(REPETITIONS):
                for system in systems:
                    system.payload = kib * 1024
                    system.resume()
                    self._keep(f"sealed, {kib} KiB", system.name, measure.throughput(system, self.stub, self.n // part))
                    system.pause()
        for system in systems:
            system.resume()
            system.stop()

    def retention(self):
        """Tasks that are removed a minute after their end, beside 5 M ended ones that are kept: latency and size by the minute."""
        kept, rate, minutes = 5_000_000, int(os.environ.get("RATE", "1000")), int(os.environ.get("MINUTES", "30"))
        system = Drover("drover", self.postgres)
        system.settings = ["--drover.keep.workflows.support-ticket.completed=1m", "--drover.keep.outcomes=1m"]
        system.start()
        measure.throughput(system, self.stub, 2 * WARM_UP)
        self._minute(system, rate, "beside none")
        self.postgres.query(f"""
            alter table task disable trigger audit_submitted; -- of one statement, it writes lines of some thousand tasks
            insert into task (id, workflow, key, status, input, output, finished_at)
            select gen_random_uuid(), 'archive', 'kept-' || i, 'COMPLETED', '{{"subject":"where is my order"}}', '{{}}', now()
              from generate_series(1, {kept}) i;
            alter table task enable trigger audit_submitted""", system.database)
        self.postgres.query("vacuum analyze task", system.database)
        for minute in range(1, minutes + 1):
            self._minute(system, rate, f"minute {minute}")
        system.stop()

    def _minute(self, system, rate, name):
        result = measure.latency(system, self.stub, 60 * rate, rate)
        result["rows"], result["mb"] = (self.postgres.number(sql, system.database) for sql in (
            "select sum(n_live_tup) from pg_stat_user_tables where relname in ('task', 'call')",
            "select (pg_total_relation_size('task') + pg_total_relation_size('call')) / 1000000"))
        self._keep("retention", name, result)

    @staticmethod
    def _insert(workflow, prefix, n):
        """As a process that submits: the worker hears of it, and does not find it with its next poll."""
        return f"""
            insert into task (id, workflow, status, input)
            select gen_random_uuid(), '{workflow}', 'QUEUED', json_build_object('key', '{prefix}' || i)
              from generate_series(1, {n}) i;
            notify drover_task"""

    def _count(self, system, workflow, status):
        return self.postgres.number(f"select count(*) from task where workflow = '{workflow}' and status = '{status}'", system.database)

    def _until_ended(self, system, workflow, sql, n):
        base = self._count(system, workflow, "COMPLETED")
        return self._rate(system, n, lambda: self.postgres.query(sql, system.database),
                          lambda: self._count(system, workflow, "COMPLETED") >= base + n)

    def _until_new_ended(self, system, workflow, ends, begin):
        """Only new tasks are counted, by an index: the look, ten times a second, does not grow with the rounds before."""
        since = self.postgres.query("select clock_timestamp()", system.database)
        return self._rate(system, self.n, begin, lambda: self.postgres.number(f"""
            select count(*) from task
             where created_at >= '{since}' and workflow = '{workflow}' and status = 'COMPLETED'""", system.database) >= ends)

    @staticmethod
    def _rate(system, n, begin, ended):
        """Of n tasks, until they have ended."""
        cpu, since = measure.Cpu(system), time.time()
        begin()
        wait_until(ended, 300, "all have ended", step=0.1)
        return {"n": n, "a_second": round(n / (time.time() - since)), "cpu_ms": cpu.per(n)}

    @staticmethod
    def _idle(system, seconds):
        cpu = measure.Cpu(system)
        time.sleep(seconds)
        return cpu.per(seconds)


def run(bench, scenario):
    order = ["throughput", "inflight", "kill", "claim", "intake", "start", "aot"]
    for name in order if scenario == "all" else [scenario]:
        getattr(bench, name)()
    report.show(bench.results)
