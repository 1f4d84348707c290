package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.Submission;
import io.drover.journal.TaskIds;
import io.drover.task.OutcomeSignals;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.drover.task.Worker;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Drover as the harness starts it when tasks are to come from within the process: speaks the line protocol. */
@Component
class InProcess {

    private static final String WORKFLOW = "support-ticket";
    static final String INPUT = "{\"subject\":\"where is my order\"}";
    private static final int SUBMITTERS = 64;

    private final TaskService tasks;
    private final OutcomeSignals outcomes;
    private final JdbcClient jdbc;
    private final Worker worker;
    private final ClaimTime claimTime;

    InProcess(TaskService tasks, OutcomeSignals outcomes, JdbcClient jdbc, Worker worker, ClaimTime claimTime) {
        this.tasks = tasks;
        this.outcomes = outcomes;
        this.jdbc = jdbc;
        this.worker = worker;
        this.claimTime = claimTime;
    }

    @EventListener(ApplicationReadyEvent.class)
    void serve() {
        Thread.ofPlatform().daemon().name("bench").start(() -> {
            try {
                Protocol.serve(Map.of(
                        "submit", command -> Protocol.closedLoop(command, SUBMITTERS, submitter(command)),
                        "latency", command -> Protocol.openLoop(command, this::submitAndWait),
                        "kafka-latency", this::sendAndWait,
                        "count", command -> Protocol.object().put("done", completed()),
                        "running", command -> Protocol.object().put("running", worker.running()),
                        "claim", claimTime::measure));
                System.exit(0);
            } catch (Exception e) {
                e.printStackTrace();
                System.exit(1);
            }
        });
    }

    private Protocol.Work submitter(JsonNode command) {
        String workflow = command.path("workflow").asText(WORKFLOW);
        int payload = command.path("payload").asInt();
        return key -> submit(workflow, key, payload == 0 ? INPUT : input(key, payload));
    }

    /** A document of as many bytes, in which nothing repeats that PostgreSQL could compress. */
    private static String input(String key, int bytes) {
        byte[] note = new byte[bytes * 3 / 4];
        new SplittableRandom(key.hashCode()).nextBytes(note);
        return Protocol.object().put("note", Base64.getEncoder().encodeToString(note)).toString();
    }

    private void submit(String workflow, String key, String input) {
        Submission submission = tasks.submit(new Submit(workflow, key, input, null, Duration.ZERO, "bench")).join();
        if (!(submission instanceof Submission.Accepted)) {
            throw new IllegalStateException("not accepted: " + submission);
        }
    }

    private void submitAndWait(String key) throws Exception {
        CompletableFuture<?> ended = ended(key);
        submit(WORKFLOW, key, INPUT);
        ended.get();
    }

    /** From before the record is sent to its task's end; the record goes through the broker and the trigger's route. */
    private ObjectNode sendAndWait(JsonNode command) throws Exception {
        try (Records records = new Records(command)) {
            return Protocol.openLoop(command, key -> {
                CompletableFuture<?> ended = ended(key);
                records.send(key, INPUT);
                ended.get();
            });
        }
    }

    private CompletableFuture<?> ended(String key) {
        UUID id = TaskIds.of(WORKFLOW, key);
        return outcomes.of(id);
    }

    private long completed() {
        return jdbc.sql("select count(*) from task where status = 'COMPLETED'").query(Long.class).single();
    }
}
