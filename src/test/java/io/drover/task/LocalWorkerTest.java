package io.drover.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.eval.EvalsInForce;
import io.drover.hold.HoldsInForce;
import io.drover.journal.Mode;
import io.drover.journal.Recovery;
import io.drover.journal.Submission;
import io.drover.journal.TaskQueue;
import io.drover.rollout.RolloutsInForce;
import io.drover.trace.Traces;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Tasks that begin in the statement that stores them. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"drover.routes.directory=src/test/resources/routes-places", "drover.worker.concurrency=40"})
class LocalWorkerTest {

    private static final FaultyServer SERVER = new FaultyServer();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @Autowired
    Worker worker;

    @Autowired
    TaskQueue queue;

    @Autowired
    WorkflowRegistry workflows;

    @Autowired
    TaskProperties limits;

    @Autowired
    Traces traces;

    @Autowired
    Recovery recovery;

    @Autowired
    RolloutsInForce rollouts;

    @Autowired
    HoldsInForce holds;

    @Autowired
    JdbcClient jdbc;

    private CountDownLatch open = new CountDownLatch(0);
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @BeforeEach
    void answer() {
        soon().until(() -> worker.running() == 0);
        jdbc.sql("truncate task cascade").update();
        SERVER.respond("/slow", request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                open.await();
                TimeUnit.MILLISECONDS.sleep(2); // so that calls meet
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                now.decrementAndGet();
            }
            return FaultyServer.json("{}");
        });
    }

    @AfterEach
    void everyPlaceIsFreeAgain() {
        open.countDown();
        soon().until(() -> worker.running() == 0);
    }

    @Test
    void aTaskBeginsWhenItIsStored() {
        settled();
        open = new CountDownLatch(1);

        UUID task = submit("wide", null);

        assertThat(jdbc.sql(
                                """
                                select status, token, attempt, begun, lost, started_at = created_at and begun_at = created_at as then,
                                       worker in (select id from worker) as here, definition is not null as known
                                  from task where id = ?""")
                        .param(task)
                        .query()
                        .singleRow())
                .containsEntry("status", "RUNNING")
                .containsEntry("token", 1L)
                .containsEntry("attempt", 1)
                .containsEntry("begun", 1)
                .containsEntry("then", true)
                .containsEntry("here", true)
                .containsEntry("known", true);
        open.countDown();
        soon().until(() -> ended() == 1);
    }

    /** Children begin as soon as they and their parent's calls are stored. */
    @Test
    void aChildBeginsWhenItIsStored() {
        settled();

        tasks.submit(new Submit(
                        "family",
                        null,
                        "{\"of\":[{\"x\":\"1\"},{\"x\":\"2\"},{\"x\":\"3\"}]}",
                        null,
                        Duration.ZERO,
                        "test"))
                .join();

        soon().until(() -> ended() == 4);
        assertThat(jdbc.sql("select started_at = created_at from task where workflow = 'wide'")
                        .query(Boolean.class)
                        .list())
                .containsExactly(true, true, true);
        assertThat(jdbc.sql("select count(*) from call where tool = 'task:wide' and state = 'SUCCEEDED'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    /** Of many children no more run than the worker has places for; the others wait in the queue. */
    @Test
    void childrenWithoutAPlaceWaitInTheQueue() {
        settled();
        String of =
                IntStream.range(0, 200).mapToObj("{\"x\":\"%d\"}"::formatted).collect(Collectors.joining(","));

        tasks.submit(new Submit("family", null, "{\"of\":[" + of + "]}", null, Duration.ZERO, "test"))
                .join();

        soon().until(() -> ended() == 201);
        assertThat(most.get()).isLessThanOrEqualTo(40);
    }

    @Test
    void noMoreOfAWorkflowRunThanMay() {
        settled();

        submitAll("narrow", 100);

        soon().until(() -> ended() == 100);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void noMoreRunThanTheWorkerHasPlacesFor() {
        settled();

        submitAll("wide", 300);
        submitAll("narrow", 50);

        soon().until(() -> ended() == 350);
        assertThat(most.get()).isLessThanOrEqualTo(40);
    }

    @Test
    void noTaskPassesByOneThatWaitsInTheQueue() {
        settled();
        open = new CountDownLatch(1);
        List<UUID> all =
                IntStream.range(0, 5).mapToObj(i -> submit("single", null)).toList();

        assertThat(IntStream.range(0, 5).mapToObj(i -> status(all.get(i))).toList())
                .containsExactly("RUNNING", "QUEUED", "QUEUED", "QUEUED", "QUEUED");
        open.countDown();
        soon().until(() -> ended() == 5);
        assertThat(jdbc.sql("select id from task order by started_at")
                        .query(UUID.class)
                        .list())
                .isEqualTo(all);
    }

    @Test
    void aTaskThatIsThereAlreadyTakesNoPlace() {
        settled();
        submit("narrow", "twice");
        soon().until(() -> ended() == 1);

        List<Submission> again =
                IntStream.range(0, 50).mapToObj(i -> tasks.submit(request("narrow", "twice"))).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(again).allMatch(Submission.Known.class::isInstance);
        assertThat(worker.running()).isZero();
    }

    @Test
    void whatIsHeldOrDelayedDoesNotBegin() {
        settled();
        jdbc.sql("insert into hold (kind, name, reason, who) values ('WORKFLOW', 'wide', 'test', 'test')")
                .update();
        holds.refresh();
        try {
            assertThat(status(submit("wide", null))).isEqualTo("QUEUED");
        } finally {
            jdbc.sql("delete from hold").update();
            holds.refresh();
        }
        UUID later = tasks.submit(new Submit("wide", null, "{\"x\":\"a\"}", null, Duration.ofHours(1), "test"))
                .join()
                .id();
        assertThat(status(later)).isEqualTo("WAITING");
        soon().until(() -> ended() == 1);
    }

    /** Also where tasks begin in the statement that stores them. */
    @Test
    void theModeOfTheEnvironmentIsThatOfTasksForWhichNoneIsGiven() {
        TaskService there = new TaskService(
                queue,
                workflows,
                limits,
                traces,
                recovery,
                rollouts,
                new EvalsInForce(),
                new ModeProperties(Mode.DRY_RUN));
        int before = SERVER.requests("/slow").size();

        UUID usual = there.submit(request("wide", "k")).join().id();
        UUID live = there.submit(request("wide", "k").in(Mode.LIVE)).join().id();
        UUID here = tasks.submit(request("wide", "other")).join().id();

        assertThat(List.of(mode(usual), mode(live), mode(here))).containsExactly("dry-run", "live", "live");
        soon().until(() -> ended() == 3);
        assertThat(SERVER.requests("/slow"))
                .as("a dry run makes the calls that only read")
                .hasSize(before + 3);
    }

    private String mode(UUID task) {
        return jdbc.sql("select mode from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20));
    }

    /** The worker has found the queue empty. */
    private void settled() {
        UUID first = submit("wide", null);
        UUID second = submit("narrow", null);
        UUID third = submit("single", null);
        soon().until(() -> ended() == 3);
        soon().until(() -> worker.running() == 0);
        jdbc.sql("delete from task where id in (?, ?, ?)")
                .param(first)
                .param(second)
                .param(third)
                .update();
        most.set(0); // these three are of three workflows
    }

    private void submitAll(String workflow, int number) {
        IntStream.range(0, number)
                .mapToObj(i -> tasks.submit(request(workflow, null)))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private UUID submit(String workflow, @Nullable String key) {
        return tasks.submit(request(workflow, key)).join().id();
    }

    private static Submit request(String workflow, @Nullable String key) {
        return new Submit(workflow, key, "{\"x\":\"a\"}", null, Duration.ZERO, "test");
    }

    private int ended() {
        return jdbc.sql("select count(*) from task where status = 'COMPLETED'")
                .query(Integer.class)
                .single();
    }

    private String status(UUID task) {
        return jdbc.sql("select status from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }
}
