package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.journal.Mode;
import io.drover.journal.QueueState.Progress;
import io.drover.journal.Submission;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskStatus;
import io.drover.task.Submit;
import io.drover.who.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

/** A value goes through Drover to the one who needs it, and is looked for in all tables and in the log. */
class RedactedFieldsTest extends RouteFilesTestBase {

    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"card\":{\"type\":\"object\",\"properties\":{\"number\":{\"type\":\"string\",\"maxLength\":60}}},"
                    + "\"order\":{\"type\":\"string\"}}}";

    @Autowired
    TaskDecisions decisions;

    private final String mark = "card-" + UUID.randomUUID();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            log.add(event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        root().addAppender(appender);
    }

    @AfterEach
    void nothingIsLogged() {
        root().detachAppender(appender);
        assertThat(log).isNotEmpty().noneMatch(line -> line.contains(mark));
    }

    /** The second attempt comes after a failure that follows the call, as it would after a crash. */
    @Test
    void aToolGetsTheValueOnceAndNothingKeepsIt() {
        charge("red_pays", "");
        SERVER.always(
                "/red_pays",
                FaultyServer.json("{\"paid\":true,\"card\":{\"number\":\"%s\"},\"all\":[{\"number\":\"%1$s\"}]}"
                        .formatted(mark)));
        workflow("red_pays", "redact: \"card.number\"", FAILS_ONCE + BODY);

        UUID task = submit("red_pays", input(mark));
        await().until(() -> jdbc.sql("select coalesce(wait_reason, '') = 'RETRY' from task where id = ?")
                .param(task)
                .query(Boolean.class)
                .optional()
                .orElse(false));

        assertThat(tables()).as("the input is needed by the next attempt").containsExactly("task");

        assertThat(output(task))
                .contains("\"paid\":true", "(redacted)")
                .as("the second attempt hears what the first one heard")
                .doesNotContain(mark);
        assertThat(SERVER.requests("/red_pays")).hasSize(1);
        assertThat(SERVER.requests("/red_pays").getFirst().body()).isEqualTo(mark);
        assertThat(tables()).isEmpty();
        assertThat(jdbc.sql("select input ->> 'order' || (input #>> '{card,number}') from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("o1(redacted)");
        assertThat(jdbc.sql("select arguments::text from call where task_id = ? and tool = 'red_pays'")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("{\"card\":{\"number\":\"(redacted)\"},\"order\":\"o1\"}");
    }

    /** The other side repeats what it was sent, in every way in which a call can fail. */
    @ParameterizedTest
    @CsvSource({
        "rejects, 400, readOnlyHint: true",
        "fails, 500, 'readOnlyHint: true, retries: 1, backoff: 1ms'",
        "doubts, 500, retries: 0",
        "falls, 404, 'readOnlyHint: true, fallback: red_falls_other'",
        "asks, 500, 'reconcile: red_asks_status, retries: 0'"
    })
    void aFailureDoesNotRepeatIt(String name, int status, String options) {
        String tool = "red_" + name;
        charge(tool, options);
        open("red_falls_other");
        open("red_asks_status");
        SERVER.always(
                "/" + tool,
                FaultyServer.status(
                        status,
                        "Content-Type: application/json",
                        "{\"error\":\"no %s\",\"message\":\"no %1$s\"}".formatted(mark)));
        SERVER.always("/" + tool + "_other", FaultyServer.json("{\"card\":{\"number\":\"%s\"}}".formatted(mark)));
        SERVER.always(
                "/" + tool + "_status",
                FaultyServer.json("{\"happened\":true,\"result\":{\"card\":{\"number\":\"%s\"}}}".formatted(mark)));
        workflow(tool, "maxAttempts: 1, redact: \"card.number\"", "");

        UUID task = submit(tool, input(mark));
        await().until(() -> hasEnded(task)
                || "IN_DOUBT"
                        .equals(jdbc.sql("select coalesce(wait_reason, '') from task where id = ?")
                                .param(task)
                                .query(String.class)
                                .single()));
        if (!hasEnded(task) || queue.progress(task).status() == TaskStatus.DEAD) {
            assertThat(jdbc.sql("select error::text from task where id = ?")
                            .param(task)
                            .query(String.class)
                            .single())
                    .contains("HTTP " + status)
                    .doesNotContain(mark);
            decisions.cancel(task, Actor.person("ann"));
        }

        assertThat(SERVER.requests("/" + tool).getFirst().body()).isEqualTo(mark);
        assertThat(tables()).isEmpty();
    }

    @Test
    void whatBreaksTheSchemaIsNotRepeated() {
        charge("red_strict", "");
        workflow("red_strict", "maxAttempts: 1, redact: \"card.number\"", "");
        String tooLong = mark + "x".repeat(60);

        UUID task = submit("red_strict", input(tooLong));
        await().until(() -> hasEnded(task));

        Progress progress = queue.progress(task);
        assertThat(progress.status()).isEqualTo(TaskStatus.DEAD);
        assertThat(progress.error()).contains("do not fit its schema").doesNotContain(mark);
        decisions.cancel(task, Actor.person("ann"));
        assertThat(tables()).isEmpty();
    }

    @Test
    void aDeadTaskKeepsItsInputForItsRetry() {
        charge("red_again", "readOnlyHint: true, retries: 0");
        SERVER.next("/red_again", FaultyServer.status(404, "", ""));
        workflow("red_again", "maxAttempts: 1, redact: \"card.number\"", "");
        UUID task = submit("red_again", input(mark));
        await().until(() -> hasEnded(task));
        assertThat(tables()).containsExactly("task");

        decisions.redrive(task, Actor.person("ann"));
        output(task);

        assertThat(SERVER.requests("/red_again"))
                .extracting(FaultyServer.Request::body)
                .containsExactly(mark, mark);
        assertThat(tables()).isEmpty();
    }

    @Test
    void theSameKeyWithAnotherRedactedValueIsTheSameTask() {
        charge("red_keyed", "");
        workflow("red_keyed", "redact: \"card.number\"", "");
        Submission first = submission("red_keyed", "k", input(mark));
        output(first.id());

        assertThat(submission("red_keyed", "k", input(mark))).isEqualTo(new Submission.Known(first.id()));
        assertThat(submission("red_keyed", "k", input("another"))).isEqualTo(new Submission.Known(first.id()));
        assertThat(submission("red_keyed", "k", input(mark).replace("o1", "o2")))
                .isInstanceOf(Submission.Conflict.class);
        assertThat(tables()).isEmpty();
    }

    /** Answered by an echo of the arguments, or by a tool that only reads and redacts nothing by itself. */
    @ParameterizedTest
    @CsvSource({"red_echoed, ''", "red_shown, 'preview: red_looks'"})
    void aDryRunKeepsNothing(String name, String options) {
        open("red_looks");
        soon().until(() -> tools.current().get("red_looks") != null);
        SERVER.always("/red_looks", FaultyServer.json("{\"card\":{\"number\":\"%s\"}}".formatted(mark)));
        charge(name, options);
        workflow(name, "redact: \"card.number\"", BODY);

        UUID task = tasks.submit(new Submit(name, null, input(mark), null, Duration.ZERO, "test").in(Mode.DRY_RUN))
                .join()
                .id();
        await().until(() -> hasEnded(task));

        assertThat(tables()).isEmpty();
        assertThat(jdbc.sql("select status from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("COMPLETED");
        assertThat(SERVER.requests("/" + name)).isEmpty();
        assertThat(SERVER.requests("/red_looks"))
                .as("the tool itself gets the value")
                .hasSize(options.isEmpty() ? 0 : 1)
                .allMatch(request -> request.body().contains(mark));
    }

    /** Elements of arrays are found, whatever stands there. */
    @Test
    void anyInputIsRedacted() {
        workflow("red_any", "redact: \"card.number, items.serial\"", null);
        for (String input : List.of(
                "{\"items\":[{\"serial\":\"%s\"},[{\"serial\":\"%1$s\"}],7],\"card\":null}",
                "[{\"card\":{\"number\":{\"deep\":\"%s\"}}}]")) {
            UUID task = submit("red_any", input.formatted(mark));
            output(task);
            assertThat(tables()).as(input).isEmpty();
        }
    }

    private static final String FAILS_ONCE =
            "- choice: { when: [ { expression: { simple: { expression: '${variable.attempt} == 1' } }, steps: [ { throwException: { message: again, exceptionType: java.lang.IllegalStateException } } ] } ] }\n";

    private static final String BODY = "- setBody: { expression: { simple: { expression: '${variable.paid}' } } }";

    private static String input(String number) {
        return "{\"order\":\"o1\",\"card\":{\"number\":\"%s\"}}".formatted(number);
    }

    private void charge(String name, String options) {
        write(
                name,
                "tool:" + name,
                "argSchema: '%s', redact: \"card.number, all.number\"%s"
                        .formatted(SCHEMA, options.isEmpty() ? "" : ", " + options),
                name);
    }

    /** One that redacts nothing by itself, and gets what the tool got in whose place it is called. */
    private void open(String name) {
        write(name, "tool:" + name, "argSchema: '%s', readOnlyHint: true".formatted(SCHEMA), name);
    }

    private static void write(String id, String uri, String parameters, String path) {
        FILES.write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: %s
                      parameters: { %s }
                      steps:
                        - setBody: { expression: { simple: { expression: "${variable.card[number]}" } } }
                        - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: POST } } }
                        - to: { uri: "{{server.url}}/%s" }
                """
                        .formatted(id, uri, parameters, path));
    }

    private void workflow(String name, String parameters, String after) {
        String call = after == null
                ? ""
                : """
                        - to: { uri: "tool:%s", parameters: { arg.card: "${body[card]}", arg.order: "${body[order]}" }, variableReceive: paid }
                """
                        .formatted(name);
        String steps = after == null || after.isBlank() ? "" : after.indent(8);
        FILES.write(
                name + "_task",
                """
                - route:
                    id: %s_task
                    from:
                      uri: task:%1$s
                      parameters: { %s }
                      steps:
                        - log: { message: "begins" }
                %s%s
                """
                        .formatted(name, parameters, call, steps));
        soon().until(() ->
                workflows.get(name) != null && (after == null || tools.current().get(name) != null));
    }

    UUID submit(String workflow, String input) {
        return submission(workflow, null, input).id();
    }

    private Submission submission(String workflow, String key, String input) {
        return tasks.submit(new Submit(workflow, key, input, null, Duration.ZERO, "test"))
                .join();
    }

    /** In which tables the mark is. */
    private Set<String> tables() {
        return TestDatabase.tablesWith(jdbc, mark);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
