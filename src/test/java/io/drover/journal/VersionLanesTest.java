package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Tasks of two versions of a workflow on a real PostgreSQL: a worker gets those of the versions that it knows. */
class VersionLanesTest {

    private static final WorkflowVersion FIRST = new WorkflowVersion("w", 1);
    private static final WorkflowVersion SECOND = new WorkflowVersion("w", 2);

    private final UUID worker = UUID.randomUUID();
    private DriverManagerDataSource dataSource;
    private PostgresFleet fleet;
    private PostgresTaskQueue queue;
    private QueueState state;

    @BeforeEach
    void start() {
        dataSource = new DriverManagerDataSource(TestDatabase.migrated());
        Tracks tracks = new Tracks(30, "stable");
        fleet = new PostgresFleet(dataSource, tracks);
        fleet.join(worker, "test", "test");
        queue = new PostgresTaskQueue(dataSource, new Wakeups(fleet), tracks, new LocalWorker(), List.of());
        state = new QueueState(dataSource, tracks);
    }

    @Test
    void aWorkerClaimsTheVersionsThatItKnows() {
        Set<UUID> first = submit(1, 50);
        Set<UUID> second = submit(2, 50);
        backFromCanary();

        assertThat(claim(new ClaimRequest("w", 1, 100, 1))).isEqualTo(first);
        assertThat(claim(new ClaimRequest("w", 1, 100, 1), new ClaimRequest("w", 3, 100, 1)))
                .isEmpty();
        assertThat(claim(new ClaimRequest("w", 2, 100, 1))).isEqualTo(second);
    }

    @Test
    void aClaimedTaskSaysItsVersion() {
        submit(7, 1);
        backFromCanary();

        assertThat(queue.claim(worker, List.of(new ClaimRequest("w", 7, 1, 1)), Room.of(1)))
                .extracting(ClaimedTask::version)
                .containsExactly(7);
    }

    /** Its statements name a track and nothing else. */
    @Test
    void aWorkerOfAnEarlierReleaseFindsNoLaterVersion() {
        submit(2, 50);

        assertThat(JdbcClient.create(dataSource)
                        .sql("select count(*) from task where track in ('stable', 'canary')")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void theWayBackFromTheCanaryKeepsTheVersion() {
        Set<UUID> all = submit(2, 100);

        assertThat(backFromCanary()).isBetween(10, 50); // 30 in a hundred
        assertThat(claim(new ClaimRequest("w", 2, 200, 1))).isEqualTo(all);
    }

    /** What a process that knows one version waits for when it drains the queue. */
    @Test
    void theLoadIsThatOfTheVersions() {
        submit(1, 20);
        submit(2, 30);

        assertThat(state.total(List.of(FIRST)).due()).isEqualTo(20);
        assertThat(state.total(List.of(SECOND)).due()).isEqualTo(30);
        assertThat(state.total(List.of(FIRST, SECOND)).due()).isEqualTo(50);
        assertThat(state.load(List.of(FIRST, SECOND))).containsOnlyKeys("w");
    }

    @Test
    void theDepthIsThatOfAllVersions() {
        submit(1, 20);
        submit(2, 30);

        TaskCounts counts = new TaskCounts(JdbcClient.create(dataSource));
        assertThat(counts.depths())
                .filteredOn(depth -> depth.status() == TaskStatus.QUEUED)
                .singleElement()
                .returns("w", TaskStore.Depth::workflow)
                .returns(50L, TaskStore.Depth::count);
    }

    private Set<UUID> submit(int version, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> {
                    UUID id = TaskIds.of("w", version + "-" + i);
                    Submitter submitter = new Submitter("test", null, null, false, Mode.LIVE, version);
                    queue.submit(new NewTask(id, "w", version + "-" + i, null, "{}", 4, Duration.ZERO, submitter))
                            .join();
                    return id;
                })
                .collect(Collectors.toSet());
    }

    private int backFromCanary() {
        return fleet.returnFromCanary(1000);
    }

    private Set<UUID> claim(ClaimRequest... requests) {
        return queue.claim(worker, List.of(requests), Room.of(1000)).stream()
                .map(ClaimedTask::id)
                .collect(Collectors.toSet());
    }
}
