package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two versions of Drover on one real PostgreSQL: each claims its own track. */
class TracksTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private Process stable;
    private Process canary;

    /** What one process has of the journal. */
    private record Process(UUID worker, Fleet fleet, TaskQueue queue, QueueState state) {

        static Process of(DriverManagerDataSource dataSource, String track) {
            Tracks tracks = new Tracks(30, track);
            PostgresFleet fleet = new PostgresFleet(dataSource, tracks);
            return new Process(
                    UUID.randomUUID(),
                    fleet,
                    new PostgresTaskQueue(dataSource, new Wakeups(fleet), tracks, new LocalWorker(), List.of()),
                    new QueueState(dataSource, tracks));
        }

        void join() {
            fleet.join(worker, "test", "test");
        }

        int load() {
            return state.total(List.of(new WorkflowVersion("w", 1))).due();
        }

        Set<UUID> claim() {
            return queue.claim(worker, List.of(new ClaimRequest("w", 1000, 1)), Room.of(1000)).stream()
                    .map(ClaimedTask::id)
                    .collect(Collectors.toSet());
        }
    }

    @BeforeEach
    void start() {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(TestDatabase.migrated());
        stable = Process.of(dataSource, "stable");
        canary = Process.of(dataSource, "canary");
        stable.join();
    }

    @Test
    void eachClaimsItsOwnShare() {
        canary.join();
        Set<UUID> submitted = submit(600);

        Set<UUID> canarys = canary.claim();
        Set<UUID> stables = stable.claim();

        assertThat(canarys).hasSizeBetween(120, 240); // 30 in a hundred
        assertThat(stables).doesNotContainAnyElementsOf(canarys);
        stables.addAll(canarys);
        assertThat(stables).isEqualTo(submitted);
    }

    @Test
    void theStableWorkersDoAllWhereNoCanaryLives() {
        Set<UUID> submitted = submit(300);
        assertThat(returned()).isPositive();

        assertThat(stable.claim()).isEqualTo(submitted);
    }

    @Test
    void returnsNoMoreAtOnceThanItIsAskedTo() {
        submit(300);

        assertThat(stable.fleet().returnFromCanary(10)).isEqualTo(10);
    }

    @Test
    void aCanaryThatIsLeavingTakesNothingAnyMoreAndKeepsWhatItHasBegun() {
        canary.join();
        submit(300);
        Set<UUID> begun = canary.claim();
        submit(300, 300);

        canary.fleet().leaving(canary.worker());

        assertThat(returned()).isPositive();
        assertThat(stable.claim()).hasSize(600 - begun.size());
        stable.fleet().takeOver(LEASE);
        assertThat(stable.claim()).isEmpty();
    }

    /** Its image was judged to be worse: the judge says that it is leaving, and it does not know that. */
    @Test
    void aCanaryOfWhichItIsSaidThatItIsLeavingTakesNothing() {
        canary.join();
        Set<UUID> submitted = submit(300);

        canary.fleet().leaving(canary.worker());

        assertThat(canary.claim()).isEmpty();
        returned();
        assertThat(stable.claim()).isEqualTo(submitted);
    }

    @Test
    void whatNoCanaryTakesIsTheStableWorkersLoad() {
        submit(300);
        assertThat(stable.load()).isEqualTo(300);
        canary.join();
        int share = canary.load();

        assertThat(stable.load()).isEqualTo(300 - share);
    }

    @Test
    void whatACanaryLeavesIsDoneByTheStableWorkers() {
        canary.join();
        Set<UUID> submitted = submit(300);
        Set<UUID> stables = stable.claim();
        Set<UUID> begun = canary.claim();
        assertThat(returned()).as("the canary lives").isZero();
        assertThat(stable.claim()).isEmpty();

        canary.fleet().leave(canary.worker());
        stable.fleet().takeOver(LEASE);
        returned();

        assertThat(stable.claim()).isEqualTo(begun);
        stables.addAll(begun);
        assertThat(stables).isEqualTo(submitted);
    }

    @Test
    void aKeyKeepsItsTrack() {
        Tracks tracks = new Tracks(30, "stable");
        assertThat(IntStream.range(0, 100).mapToObj(i -> tracks.of(TaskIds.of("w", "order-" + i))))
                .containsExactlyElementsOf(IntStream.range(0, 100)
                        .mapToObj(i -> tracks.of(TaskIds.of("w", "order-" + i)))
                        .toList())
                .contains("stable", "canary");
    }

    /** A canary would leave them alone. */
    @Test
    void workflowsWithWorkersOfTheirOwnHaveNoCanary() {
        Tracks tracks = new Tracks(new ImageTrial(100, "", ""), "stable", Set.of("own"));

        assertThat(tracks.of(new NewTask(UUID.randomUUID(), "own", null, "{}", 4, Duration.ZERO, "test", null)))
                .hasToString("stable");
        assertThat(tracks.of(new NewTask(UUID.randomUUID(), "w", null, "{}", 4, Duration.ZERO, "test", null)))
                .hasToString("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, stable, drover.canary.percent (-1)",
        "101, stable, drover.canary.percent (101)",
        "5, blue, drover.worker.track (blue)"
    })
    void refusesWhatItDoesNotKnow(int percent, String track, String named) {
        assertThatThrownBy(() -> new Tracks(percent, track)).hasMessageContaining(named);
    }

    private int returned() {
        return stable.fleet().returnFromCanary(1000);
    }

    private Set<UUID> submit(int count) {
        return submit(0, count);
    }

    private Set<UUID> submit(int first, int count) {
        List<CompletableFuture<Submission>> all = new ArrayList<>();
        Set<UUID> ids = new HashSet<>();
        for (int i = first; i < first + count; i++) {
            UUID id = TaskIds.of("w", "key-" + i);
            ids.add(id);
            all.add(stable.queue().submit(new NewTask(id, "w", "key-" + i, "{}", 4, Duration.ZERO, "test", null)));
        }
        all.forEach(CompletableFuture::join);
        return ids;
    }
}
