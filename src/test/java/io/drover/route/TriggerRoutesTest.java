package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.KeyOwner;
import io.drover.task.Submit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.impl.matchers.GroupMatcher;

/** Triggers other than Kafka and HTTP: what an event's tasks are called, and what an edit leaves behind. */
class TriggerRoutesTest extends RouteFilesTestBase {

    private static final String STRIPPED =
            """
                        - removeHeaders: { pattern: "*" }
                        - removeProperties: { pattern: "*" }
                        - setBody: { expression: { constant: { expression: "{}" } } }
            """;
    private static final String TASK = "            - to: { uri: task:event }\n";

    @TempDir
    Path inbox;

    @BeforeEach
    void aWorkflow() {
        FILES.write("event", "- route: {id: event, from: {uri: 'task:event', steps: [{log: {message: worked}}]}}");
        soon().until(() -> workflows.get("event") != null);
    }

    private static void trigger(String id, String from, String steps) {
        FILES.write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                %s"""
                        .formatted(id, from, steps.indent(0)));
    }

    private List<String> keys(String trigger) {
        return jdbc.sql("select key from task where submitted_by = ? order by created_at, key")
                .param(trigger)
                .query(String.class)
                .list();
    }

    private void end(String trigger) {
        FILES.delete(trigger);
        soon().until(() -> routeIds(trigger).isEmpty());
    }

    @Test
    void anIntervalIsOneTaskForTheFleetWhateverTheStepsRemove() {
        trigger("ticking", "timer:ticking?period=1000", STRIPPED + TASK);
        await().until(() -> keys("ticking").size() > 2);
        end("ticking");

        assertThat(keys("ticking")).doesNotHaveDuplicates().allSatisfy(key -> {
            assertThat(key).startsWith("ticking/");
            assertThat(Instant.parse(key.substring("ticking/".length())).toEpochMilli() % 1000)
                    .isZero();
        });
    }

    @Test
    void aScheduleKeepsItsInstantWhateverTheStepsRemove() {
        trigger("scheduled", "quartz:scheduled?cron=*+*+*+*+*+?", STRIPPED + TASK);
        await().until(() -> keys("scheduled").size() > 2);
        end("scheduled");

        assertThat(keys("scheduled")).doesNotHaveDuplicates().allSatisfy(key -> assertThat(
                        Instant.parse(key.substring("scheduled/".length())).getNano())
                .isZero());
    }

    @Test
    void twoTasksOfOneEventAreTwoAndAnElementIsOne() {
        trigger(
                "twice",
                "timer:twice?period=3600000",
                STRIPPED
                        + TASK
                        + """
                        - setBody: { expression: { constant: { expression: '{"second": true}' } } }
            """
                        + TASK
                        + """
                        - loop:
                            expression: { constant: { expression: "2" } }
                            steps:
                              - to: { uri: task:event }
            """);
        await().until(() -> keys("twice").size() >= 4);
        end("twice");

        List<String> keys = keys("twice").stream()
                .map(key -> key.replaceFirst("[^#]*", ""))
                .sorted()
                .toList();
        assertThat(keys).containsExactly("", "#2", "#3", "#4");
    }

    @Test
    void aFileIsOneTaskByNameTimeAndLength() throws Exception {
        trigger("inbox", "file:" + inbox + "?noop=true&idempotent=false&delay=100&initialDelay=0", STRIPPED + TASK);
        Path file = Files.writeString(inbox.resolve("order.json"), "{}");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        await().until(() -> keys("inbox").contains("inbox/order.json/1700000000000/2"));

        Files.writeString(inbox.resolve("other.json"), "{}");
        await().until(() -> keys("inbox").size() == 2);
        end("inbox");
        assertThat(keys("inbox")).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sql:select 1 as id",
                "timer:once?repeatCount=1",
                "scheduler:once?repeatCount=1",
                "scheduler:other?scheduler=quartz&scheduler.cron=*+*+*+*+*+?",
                "quartz:few?trigger.repeatCount=3",
                "stub:none",
            })
    void aTaskNeedsAKeyWhereTheEventHasNoIdentity(String from) {
        trigger("nameless", "\"" + from + "\"", TASK);

        soon().until(() -> problem("nameless") != null);
        assertThat(problem("nameless").message()).contains("task:event needs a key", "add parameters: { key:");
        assertThat(routeIds("nameless")).isEmpty();
        FILES.delete("nameless");
        soon().until(() -> problem("nameless") == null);
    }

    @Test
    void aKeyThatIsEmptyIsRefusedWhereTheEventHasNoIdentity() {
        trigger(
                "unkeyed",
                "stub:unkeyed",
                "            - to: { uri: task:event, parameters: { key: \"${header.id}\" } }\n");
        soon().until(() -> routeIds("unkeyed").size() == 1);

        org.apache.camel.Exchange empty =
                received("unkeyed", sent -> sent.getMessage().setBody("{}"));
        org.apache.camel.Exchange given = received("unkeyed", sent -> {
            sent.getMessage().setBody("{}");
            sent.getMessage().setHeader("id", "7");
        });

        assertThat(empty.getException())
                .hasMessageContaining("task:event needs a key: '${header.id}' has no value for this event");
        assertThat(given.getException()).isNull();
        end("unkeyed");
        assertThat(keys("unkeyed")).containsExactly("7");
    }

    @Test
    void aSignalNeedsAnIdWhereTheEventHasNoIdentity() {
        String signal = "            - to: { uri: signal:told, parameters: { key: \"T-1\"%s } }\n";
        trigger("nameless-signal", "stub:nameless-signal", signal.formatted(""));
        soon().until(() -> problem("nameless-signal") != null);
        assertThat(problem("nameless-signal").message())
                .contains("signal:told needs an id", "would be two signals", "add parameters: { id:");
        trigger("nameless-signal", "stub:nameless-signal", signal.formatted(", id: \"${header.id}\""));
        soon().until(() -> routeIds("nameless-signal").size() == 1);

        List<Exception> failures = Stream.of("", "7", "7", "8")
                .map(id -> received("nameless-signal", sent -> {
                            sent.getMessage().setBody("{}");
                            sent.getMessage().setHeader("id", id);
                        })
                        .getException())
                .toList();

        assertThat(failures.getFirst())
                .hasMessageContaining("signal:told needs an id: '${header.id}' has no value for this event");
        assertThat(failures.subList(1, 4)).containsOnlyNulls();
        end("nameless-signal");
        assertThat(signals("told")).as("what is sent again is the same signal").isEqualTo(2);
    }

    @Test
    void anIntervalIsOneSignalForTheFleetWhateverTheReplicasSay() {
        long hour = Duration.ofHours(1).toMillis();
        for (String body : List.of("1", "2")) { // as two replicas, one after the other
            trigger(
                    "hourly",
                    "timer:hourly?period=" + hour,
                    """
                                - setBody: { expression: { constant: { expression: "%s" } } }
                                - to: { uri: signal:hourly, parameters: { key: all } }
                                - to: { uri: task:event, parameters: { key: "hourly-%s" } }
                    """
                            .formatted(body, body));
            await().until(() -> keys("hourly").contains("hourly-" + body)); // the signal was accepted
            end("hourly");
        }

        assertThat(signals("hourly")).as("one, or two about the full hour").isBetween(1, 2);
    }

    private int signals(String name) {
        return jdbc.sql("select count(*) from signal where name = ?")
                .param(name)
                .query(Integer.class)
                .single();
    }

    @Test
    void nobodyTakesTheKeyOfAnEvent() {
        long hour = Duration.ofHours(1).toMillis();
        for (long at = System.currentTimeMillis() / hour * hour;
                at < System.currentTimeMillis() + 2 * hour;
                at += hour) {
            String key = "guessed/" + Instant.ofEpochMilli(at);
            tasks.submit(new Submit("event", key, "{\"evil\":1}", null, Duration.ZERO, "ada", KeyOwner.user("ada")))
                    .join();
        }

        trigger("guessed", "timer:guessed?period=" + hour, STRIPPED + TASK);

        await().until(() -> keys("guessed").size() == 1);
        end("guessed");
    }

    @Test
    void anInstantIsTheFirstReplicasTaskWhateverTheOthersSay() {
        long hour = Duration.ofHours(1).toMillis();
        for (long at = System.currentTimeMillis() / hour * hour;
                at < System.currentTimeMillis() + 2 * hour;
                at += hour) {
            String key = "other-body/" + Instant.ofEpochMilli(at);
            tasks.submit(new Submit(
                            "event",
                            key,
                            "{\"by\":\"other replica\"}",
                            null,
                            Duration.ZERO,
                            "other-body",
                            KeyOwner.EVENT + ":other-body"))
                    .join();
        }

        List<String> others = keys("other-body");
        trigger(
                "other-body",
                "timer:other-body?period=" + hour,
                STRIPPED + TASK + "            - to: { uri: mock:other-body-done }\n");

        MockEndpoint done = camel.getEndpoint("mock:other-body-done", MockEndpoint.class);
        soon().until(() -> !done.getReceivedExchanges().isEmpty());
        java.util.Map<?, ?> answer =
                done.getReceivedExchanges().get(0).getMessage().getBody(java.util.Map.class);
        assertThat(answer.get("known")).isEqualTo(true);
        end("other-body");
        assertThat(keys("other-body")).isEqualTo(others);
    }

    @Test
    void aChildIsOneTaskInEveryAttemptWhateverTheStepsRemove() {
        FILES.write(
                "parent",
                """
                - route:
                    id: parent
                    from:
                      uri: task:parent
                      parameters: { maxAttempts: 2, backoff: 50ms }
                      steps:
                %s            - throwException: { message: again, exceptionType: java.lang.IllegalStateException }
                """
                        .formatted(STRIPPED + TASK));
        soon().until(() -> workflows.get("parent") != null);

        UUID parent = tasks.submit(new Submit("parent", null, "{}", null, Duration.ZERO, "of-the-parent"))
                .join()
                .id();

        await().until(() -> queue.progress(parent).status().isTerminal());
        assertThat(keys("of-the-parent").stream().filter(Objects::nonNull))
                .hasSize(1); // the child is of who submitted the parent
    }

    @Test
    void anEditedScheduleFiresAtItsNewTimesAndABrokenOneLeavesTheOldOne() throws Exception {
        String old = "quartz:edited?cron=0+0+3+1+1+?+2097";
        trigger("edited-schedule", old, STRIPPED + TASK);
        trigger("same-name", "quartz:edited?cron=0+0+4+1+1+?+2097", STRIPPED + TASK);
        soon().until(() ->
                routeIds("edited-schedule").size() == 1 && routeIds("same-name").size() == 1);
        assertThat(jobs()).hasSize(2);

        trigger("edited-schedule", "quartz:edited?cron=0+0+3+1+1+?+2001", STRIPPED + TASK); // has no instant to come
        soon().until(() -> problem("edited-schedule") != null);
        assertThat(problem("edited-schedule").runs()).isTrue();
        assertThat(jobs()).hasSize(2).allMatch(this::fires);

        trigger("edited-schedule", "quartz:edited?cron=*+*+*+*+*+?", STRIPPED + TASK);
        await().until(() -> keys("edited-schedule").size() > 1);
        assertThat(problem("edited-schedule")).isNull();
        assertThat(jobs()).hasSize(2).allMatch(this::fires);
        end("edited-schedule");
        end("same-name");
        assertThat(jobs()).isEmpty();
    }

    /** Camel makes the endpoint, and the job, again when an instant that has come finds its route gone. */
    @Test
    void anInstantThatWasUnderWayBringsNoScheduleBack() throws Exception {
        trigger("late", "quartz:edited-late?cron=0+0+3+1+1+?+2097", STRIPPED + TASK);
        soon().until(() -> routeIds("late").size() == 1 && jobs().size() == 1);
        String uri = camel.getEndpoints().stream()
                .map(Endpoint::getEndpointUri)
                .filter(known -> known.startsWith("quartz://edited-late"))
                .findFirst()
                .orElseThrow();
        routes.reconcile();
        assertThat(jobs()).as("one that has a route stays").hasSize(1);
        end("late");
        soon().until(() -> jobs().isEmpty());

        camel.getEndpoint(uri);

        soon().untilAsserted(() -> {
            assertThat(camel.hasEndpoint(uri)).isNull();
            assertThat(jobs()).isEmpty();
        });
    }

    private List<JobKey> jobs() throws Exception {
        return scheduler().getJobKeys(GroupMatcher.anyGroup()).stream()
                .filter(job -> job.getName().startsWith("edited-"))
                .toList();
    }

    private boolean fires(JobKey job) {
        try {
            org.quartz.Trigger trigger = scheduler().getTriggersOfJob(job).getFirst();
            return trigger.getNextFireTime() != null
                    && scheduler().getTriggerState(trigger.getKey()) != org.quartz.Trigger.TriggerState.PAUSED;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Scheduler scheduler() {
        return camel.getComponent("quartz", QuartzComponent.class).getScheduler();
    }

    @Test
    void aQueueWhoseSizeIsEditedIsTheQueueThatIsRead() {
        FILES.answering("sized", "seda:sized?size=10", "one");
        soon().until(() -> routeIds("sized").size() == 1);

        FILES.answering("sized", "seda:sized?size=20", "two");

        soon().until(() ->
                !routeIds("sized").contains("sized") && routeIds("sized").size() == 1);
        assertThat(problem("sized")).isNull();
        assertThat(read("sized").getSize()).isEqualTo(20);

        FILES.answering("sized", "seda:sized?size=30&concurrentConsumers=none", "three");
        soon().until(() -> problem("sized") != null);
        assertThat(read("sized").getSize()).isEqualTo(20);
        assertThat(camel.getEndpoints())
                .filteredOn(endpoint -> endpoint.getEndpointUri().startsWith("seda://sized"))
                .hasSizeLessThan(3);
        end("sized");
    }

    /** The queue that a route reads, which nobody else reads. */
    private SedaEndpoint read(String route) {
        Endpoint source = camel.getRoute(routeIds(route).iterator().next()).getEndpoint();
        SedaEndpoint queue = (SedaEndpoint) ((InterceptSendToEndpoint) source).getOriginalEndpoint();
        soon().until(() -> queue.getConsumers().size() == 1); // a route is there before it has begun
        return queue;
    }

    /** What a route makes of a message that its source brings: no route may send to a source that keeps messages in memory. */
    private org.apache.camel.Exchange received(String route, org.apache.camel.Processor message) {
        try {
            DefaultConsumer source = (DefaultConsumer)
                    camel.getRoute(routeIds(route).iterator().next()).getConsumer();
            org.apache.camel.Exchange exchange = source.createExchange(false);
            message.process(exchange);
            source.getProcessor().process(exchange);
            return exchange;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRouteWhosePreconditionIsFalseOrThatIsNotToStartIsLoadedAndRests() {
        FILES.write(
                "excluded",
                "- route: {id: excluded, precondition: '{{feature.x:false}}', from: {uri: 'timer:excluded', steps: [{to: {uri: 'task:event'}}]}}");
        FILES.write(
                "waiting",
                "- route: {id: waiting, autoStartup: false, from: {uri: 'timer:waiting?period=50', steps: [{to: {uri: 'task:event'}}]}}");
        FILES.answering("after", "direct:after", "loaded");

        soon().until(() -> routeIds("after").size() == 1);
        soon().untilAsserted(() -> assertThat(routes.atRest())
                .extracting(RouteFiles.RouteAtRest::file, RouteFiles.RouteAtRest::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("excluded.camel.yaml", "its precondition is false"),
                        org.assertj.core.groups.Tuple.tuple("waiting.camel.yaml", "its autoStartup is false")));
        assertThat(problem("excluded")).isNull();
        assertThat(routeIds("excluded")).isEmpty();
        assertThat(camel.getRouteController().getRouteStatus("waiting").isStopped())
                .isTrue();

        FILES.write(
                "waiting",
                "- route: {id: waiting, autoStartup: true, from: {uri: 'timer:waiting?period=50', steps: [{to: {uri: 'task:event'}}]}}");
        await().until(() -> !keys("waiting").isEmpty());
        assertThat(keys("excluded")).isEmpty();
        end("waiting");
        FILES.delete("excluded");
        soon().until(() -> routes.atRest().isEmpty());
    }

    @Test
    void aFileThatBreaksLaterLeavesTheProcessReady() {
        assertThat(routes.areAllLoaded()).isTrue();

        FILES.write(
                "broken-later", "- route: {id: broken-later, from: {uri: 'task:broken-later', steps: [{logg: {}}]}}");

        soon().until(() -> problem("broken-later") != null);
        assertThat(routes.areAllLoaded()).isTrue();
        FILES.delete("broken-later");
        soon().until(() -> problem("broken-later") == null);
    }

    /** Wherever it names the workflow: each event that came there before would be refused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "to: { uri: 'task:absent' }",
                "choice: { when: [ { simple: '${body} == 1', steps: [ TASK ] } ] }",
                "choice: { when: [ { simple: '${body} == 1', steps: [ LOG ] } ], otherwise: { steps: [ TASK ] } }",
                "doTry: { steps: [ LOG ], doCatch: [ { exception: [ java.lang.Exception ], steps: [ TASK ] } ] }",
                "doTry: { steps: [ LOG ], doFinally: { steps: [ TASK ] } }",
                "circuitBreaker: { steps: [ LOG ], onFallback: { steps: [ TASK ] } }"
            })
    void aTriggerWaitsForItsWorkflow(String step) {
        String written =
                step.replace("TASK", "{ to: { uri: 'task:absent' } }").replace("LOG", "{ log: { message: x } }");
        trigger("hopeful", "timer:hopeful?period=60000", "            - " + written + "\n");

        soon().untilAsserted(() -> assertThat(problem("hopeful"))
                .isNotNull()
                .extracting(RouteFiles.RouteProblem::message)
                .asString()
                .contains("the workflow 'absent' is not loaded"));
        end("hopeful");
        soon().until(() -> problem("hopeful") == null);
    }
}
