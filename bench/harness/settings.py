"""Where things are, and what can be set from outside."""
import os
import tempfile

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROJECT = os.path.dirname(BENCH)
HOME = os.environ.get("BENCH_HOME") or os.path.join(tempfile.gettempdir(), "drover-bench")
JAVA = os.environ["BENCH_JAVA"]
CLASSES = os.path.join(HOME, "classes")

HOST = "127.0.0.1"
PG_PORT = int(os.environ.get("PG_PORT", "15499"))
STUB_PORT = int(os.environ.get("STUB_PORT", "18080"))
DROVER_PORT = int(os.environ.get("DROVER_PORT", "18090"))
MODEL_PORT = int(os.environ.get("MODEL_PORT", "18096"))
KAFKA_PORT = int(os.environ.get("KAFKA_PORT", "18094"))

REPETITIONS = int(os.environ.get("REPS", "5"))
WARM_UP = int(os.environ.get("WARMUP", "10000"))
JVM = os.environ.get("JVM", "-Xmx1g -XX:+UseParallelGC").split()
