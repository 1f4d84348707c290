package io.drover.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.journal.ImageTrial;
import io.drover.rollout.Rollout.InFlight;
import io.drover.rollout.Rollout.Rail;
import io.drover.who.Actor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What becomes of rollouts by the outcomes in a real PostgreSQL, where several processes judge them. */
class JudgingTest {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final HikariDataSource DATABASE = pool();

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);
    private final RolloutRows rows = new RolloutRows(DATABASE);
    private final String id = "r" + CASES.incrementAndGet();
    private final String workflow = "w-" + id;
    private final Random random = new Random(7);

    private static HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(TestDatabase.migrated());
        pool.setMaximumPoolSize(2);
        return pool;
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void aWorseCandidateIsRolledBackAndGetsNothing() {
        Judging judging = process();
        assertThat(judging.begin(rollout(List.of(500_000), 100, InFlight.FINISH)))
                .isTrue();
        assertThat(judging.begin(rollout(List.of(500_000), 100, InFlight.FINISH)))
                .as("it has begun")
                .isFalse();

        outcomes(1, 200, 0.02);
        outcomes(2, 200, 0.5);
        assertThat(judging.look(rows.all())).isTrue();

        RolloutView ended = view();
        assertThat(ended.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(ended.share()).isZero();
        assertThat(ended.endedAt()).isNotNull();
        assertThat(ended.reason()).startsWith("'dead': ").contains(" tasks of the candidate");
        assertThat(actions()).containsExactly("rollout-begin", "rollout-roll-back");
        assertThat(rows.evidence(id)).first().satisfies(dead -> assertThat(dead.worse())
                .isGreaterThanOrEqualTo(dead.worseFrom()));
        assertThat(rows.looks(id)).isNotEmpty();
        assertThat(judging.look(rows.all())).as("it is over").isFalse();
    }

    /** The same outcomes in the same order: so two processes that judge in turns, or one that comes new, decide the same. */
    @Test
    void processesThatJudgeInTurnsDecideAsOneAlone() {
        Judging first = process();
        Judging second = process();
        first.begin(rollout(List.of(100_000, 500_000), 30, InFlight.FINISH));
        Judge alone = new Judge(view().settings().guardrails());
        for (int i = 0; i < 40; i++) {
            outcomes(1, 5, 0);
            outcomes(2, 5, 0.1);
            Judging judging = i % 3 == 0 ? first : i % 3 == 1 ? second : process();
            judging.look(rows.all());
        }

        List<RolloutRows.Placed> placed = rows.placed(id, 0, 10_000);
        assertThat(placed)
                .extracting(RolloutRows.Placed::place)
                .doesNotHaveDuplicates()
                .isSorted();
        placed.forEach(one -> alone.ended(one.version() == 2 ? Side.CANDIDATE : Side.CONTROL, one.outcome()));
        assertThat(rows.evidence(id)).isEqualTo(alone.evidence());
        assertThat(view().pairs()).isEqualTo(alone.pairs());
        assertThat(view().state() == RolloutState.ROLLED_BACK).isEqualTo(alone.isWorse());
    }

    @Test
    void aGoodCandidateGoesStepByStepAndIsPromoted() {
        Judging judging = process();
        judging.begin(new Rollout(
                id,
                workflow,
                2,
                1,
                List.of(100_000, 500_000, Rollout.ALL),
                50,
                List.of(new Rail("dead", 30, null), new Rail("chatty", 30, "calls > 20")),
                InFlight.FINISH,
                Duration.ofHours(1),
                "announce"));

        int shares = 0;
        List<Integer> steps = new ArrayList<>();
        while (view().state() == RolloutState.RUNNING && shares++ < 20) {
            steps.add(view().share());
            outcomes(1, 60, 0);
            outcomes(2, 60, 0);
            judging.look(rows.all());
        }

        assertThat(steps).containsSubsequence(100_000, 500_000).doesNotContain(Rollout.ALL);
        assertThat(view().state()).isEqualTo(RolloutState.PROMOTED);
        assertThat(view().share()).isEqualTo(Rollout.ALL);
        assertThat(actions()).containsExactly("rollout-begin", "rollout-step", "rollout-promote");
        assertThat(jdbc.sql("select input -> 'told' ->> 'status' from task where input -> 'told' ->> 'rollout' = ?")
                        .param(id)
                        .query(String.class)
                        .list())
                .as("the tool is told of each")
                .containsExactlyInAnyOrder("running", "running", "promoted");
    }

    /** It compares something else than the versions if the sides get different tasks. */
    @Test
    void unequalSidesAreNeverCalledGood() {
        Judging judging = process();
        judging.begin(rollout(List.of(100_000), 50, InFlight.FINISH, new Rail("dead", 50, null)));
        outcomes(1, 100, 0);
        outcomes(2, 100, 0);
        for (int i = 0; i < 100; i++) {
            task("stable", "COMPLETED", id);
            task("stable", "COMPLETED", id);
            task("stable@2", "COMPLETED", id);
        }
        judging.look(rows.all());

        assertThat(view().state()).isEqualTo(RolloutState.RUNNING);
        assertThat(rows.entered(view().settings())).isEqualTo(new RolloutRows.Entered(100, 200));
    }

    /** By when it began, and none that a worker has begun: it may hold calls of the candidate's. */
    @ParameterizedTest
    @EnumSource(InFlight.class)
    void whatHasNotBegunGoesToTheControlWhereTheFileSaysSo(InFlight inFlight) throws Exception {
        Judging judging = process();
        judging.begin(rollout(List.of(100_000), 50, inFlight));
        UUID queued = task("stable@2", "QUEUED", null);
        UUID delayed = task("stable@2", "WAITING", null);
        UUID begun = task("stable@2", "QUEUED", null);
        jdbc.sql("update task set token = 1, attempt = 1 where id = ?")
                .param(begun)
                .update();
        UUID others = task("stable@3", "QUEUED", null);

        judging.decide(id, RolloutAction.ABORT, "a mistake", Actor.person("ann"));
        judging.look(rows.all());

        String moved = inFlight == InFlight.MOVE ? "stable" : "stable@2";
        assertThat(List.of(track(queued), track(delayed), track(begun), track(others)))
                .containsExactly(moved, moved, "stable@2", "stable@3");
        judging.look(rows.all());
        assertThat(view().moved()).as("others may not have heard of it yet").isFalse();
        jdbc.sql("update rollout set ended_at = now() - interval '1 minute' where id = ?")
                .param(id)
                .update();
        judging.look(rows.all());
        assertThat(view().moved()).isEqualTo(inFlight == InFlight.MOVE);
    }

    @Test
    void aPausedOneGetsNoGreaterShareButIsStillRolledBack() throws Exception {
        Judging judging = process();
        Actor ann = Actor.person("ann");
        judging.begin(rollout(List.of(100_000, 500_000), 20, InFlight.FINISH, new Rail("dead", 50, null)));
        judging.decide(id, RolloutAction.PAUSE, "to look at it", ann);
        outcomes(1, 100, 0);
        outcomes(2, 100, 0);
        judging.look(rows.all());
        assertThat(view().state()).isEqualTo(RolloutState.PAUSED);
        assertThat(view().share()).isEqualTo(100_000);
        assertThat(judging.decide(id, RolloutAction.PAUSE, "a second click", ann)
                        .reason())
                .isEqualTo("to look at it");
        outcomes(1, 100, 0);
        outcomes(2, 100, 1);
        judging.look(rows.all());
        assertThat(view().state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThatThrownBy(() -> judging.decide(id, RolloutAction.RESUME, "no", ann))
                .isInstanceOf(DecisionRefusedException.class)
                .hasMessage("rollout %s is rolled-back; only one that is paused can be resumed".formatted(id));
        judging.decide(id, RolloutAction.PROMOTE, "the control was broken", ann);
        assertThat(view().state()).isEqualTo(RolloutState.PROMOTED);
    }

    /** A rollout ends with its transaction, or not at all. */
    @Test
    void aLookThatFailsChangesNothingAndIsDoneAgain() {
        Judging judging = process();
        judging.begin(rollout(List.of(500_000), 100, InFlight.FINISH));
        outcomes(1, 100, 0);
        outcomes(2, 100, 1);
        jdbc.sql("alter table audit add constraint full_disk check (action <> 'rollout-roll-back') not valid")
                .update();
        try {
            assertThatThrownBy(() -> judging.look(rows.all())).hasMessageContaining("full_disk");
            assertThat(view().state()).isEqualTo(RolloutState.RUNNING);
            assertThat(rows.placed(id, 0, 1_000)).isEmpty();
        } finally {
            jdbc.sql("alter table audit drop constraint full_disk").update();
        }
        assertThat(judging.look(rows.all())).isTrue();
        assertThat(view().state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(view().pairs()).isEqualTo(100);
    }

    @Test
    void outcomesOfARolloutThatEndedLongAgoAreRemoved() throws Exception {
        Judging judging = process();
        judging.begin(rollout(List.of(500_000), 100, InFlight.FINISH));
        outcomes(1, 20, 0);
        outcomes(2, 20, 0);
        judging.look(rows.all());
        judging.decide(id, RolloutAction.ABORT, "a mistake", Actor.person("ann"));
        rows.forget(10);
        assertThat(rows.placed(id, 0, 100)).hasSize(40);

        jdbc.sql("update rollout set ended_at = now() - interval '31 days' where id = ?")
                .param(id)
                .update();
        assertThat(rows.forget(10)).isEqualTo(10);
        assertThat(rows.placed(id, 0, 100)).hasSize(30);
        assertThat(rows.looks(id)).isNotEmpty();
    }

    /** It takes no more tasks from the moment of the verdict. */
    @Test
    void aWorseImageIsStoppedUntilAPersonPromotesIt() throws Exception {
        jdbc.sql(
                        "insert into worker (id, name, version, track) values (gen_random_uuid(), 'c', '2', 'canary'), (gen_random_uuid(), 's', '1', 'stable')")
                .update();
        Judging judging = process();
        assertThat(judging.begin(Rollout.ofImage(id, 20))).isTrue();

        outcomes(0, 200, 0.02);
        outcomes(1, 200, 0.5);
        assertThat(judging.look(rows.all())).isTrue();

        assertThat(view().state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(view().share()).isZero();
        assertThat(jdbc.sql("select name from worker where leaving")
                        .query(String.class)
                        .list())
                .containsExactly("c");

        judging.decide(id, RolloutAction.PROMOTE, "the control was broken", Actor.person("ann"));
        assertThat(jdbc.sql("select count(*) from worker where leaving")
                        .query(Integer.class)
                        .single())
                .isZero();
        jdbc.sql("delete from worker").update();
    }

    /** A release changes its share, and no one else does. */
    @Test
    void aGoodImageIsSaidToBeSo() {
        Judging judging = process();
        judging.begin(Rollout.ofImage(id, 20));
        for (int i = 0; i < 40 && view().state() == RolloutState.RUNNING; i++) {
            outcomes(0, 100, 0);
            outcomes(1, 100, 0);
            judging.look(rows.all());
        }

        assertThat(view().state()).isEqualTo(RolloutState.PROMOTED);
        assertThat(view().share()).isEqualTo(200_000);
    }

    /** Files change at another time in each pod: one that has an old one ends no trial. */
    @Test
    void theTrialOfAnImageFollowsItsFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("percent"), "5");
        Path name = Files.writeString(directory.resolve("trial"), "a" + id);
        RolloutsInForce process = knowing(new ImageTrial(0, file.toString(), ""));
        RolloutsInForce late = knowing(new ImageTrial(5, "", "a" + id));
        RolloutsInForce without = knowing(new ImageTrial(0, "", ""));
        process.tick();
        assertThat(state("image:a" + id)).isEqualTo(RolloutState.RUNNING);

        Files.writeString(name, "b" + id);
        await().until(() -> {
            process.tick();
            return rows.all().stream().anyMatch(one -> one.id().equals("image:b" + id));
        });
        late.tick();
        without.tick();
        assertThat(state("image:a" + id)).isEqualTo(RolloutState.ABORTED);
        assertThat(state("image:b" + id)).isEqualTo(RolloutState.RUNNING);

        Files.writeString(file, "0");
        await().until(() -> {
            process.tick();
            return state("image:b" + id) == RolloutState.ABORTED;
        });
    }

    private RolloutState state(String rollout) {
        return rows.all().stream()
                .filter(one -> one.id().equals(rollout))
                .findAny()
                .orElseThrow()
                .state();
    }

    private static RolloutsInForce knowing(ImageTrial image) {
        return new RolloutsInForce(new RolloutRows(DATABASE), process(), image);
    }

    private static Judging process() {
        return new Judging(new RolloutRows(DATABASE), new DataSourceTransactionManager(DATABASE));
    }

    private Rollout rollout(List<Integer> steps, int tasks, InFlight inFlight, Rail... rails) {
        List<Rail> all = rails.length > 0
                ? List.of(rails)
                : Rollout.standardRails().entrySet().stream()
                        .map(rail -> new Rail(rail.getKey(), rail.getValue(), null))
                        .toList();
        return new Rollout(id, workflow, 2, 1, steps, tasks, all, inFlight, Duration.ofHours(1), null);
    }

    private RolloutView view() {
        return rows.all().stream().filter(one -> one.id().equals(id)).findAny().orElseThrow();
    }

    private void outcomes(int version, int number, double dead) {
        Boolean[] deaths = new Boolean[number];
        Arrays.setAll(deaths, i -> random.nextDouble() < dead);
        jdbc.sql(
                        """
                        insert into outcome (task_id, rollout, version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls)
                        select gen_random_uuid(), ?, ?, dead, false, false, 1000, 0.01, 1, 3 from unnest(?::boolean[]) as x(dead)
                        """)
                .params(id, version, deaths)
                .update();
    }

    private UUID task(String track, String status, @Nullable String rollout) {
        UUID task = UUID.randomUUID();
        jdbc.sql(
                        """
                        insert into task (id, workflow, status, wait_reason, track, rollout, input, output, finished_at)
                        values (:id, :workflow, :status, case when :status = 'WAITING' then 'DELAY' end, :track, :rollout, '{}',
                                case when :status = 'COMPLETED' then '{}'::json end,
                                case when :status = 'COMPLETED' then now() end)
                        """)
                .param("id", task)
                .param("workflow", workflow)
                .param("status", status)
                .param("track", track)
                .param("rollout", rollout)
                .update();
        return task;
    }

    private String track(UUID task) {
        return jdbc.sql("select track from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private List<String> actions() {
        return jdbc.sql("select action from audit where detail ->> 'rollout' = ? order by id")
                .param(id)
                .query(String.class)
                .list();
    }
}
