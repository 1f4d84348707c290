package io.drover.journal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class PostgresFleet implements Fleet {

    private static final int TURNS = 4;

    private static final String JOIN =
            """
            insert into worker (id, name, version, track, runs_dry, leaving)
            values (:id, :name, :version, :track, true,
                    :track = 'canary' and exists (select from rollout where id = :trial and state in ('ROLLED_BACK', 'ABORTED')))
            """;

    // Not in the transaction of the join, whose now() is older than its commit: who gives a heartbeat after this has
    // counted this worker.
    private static final String JOINED =
            """
            update worker set started_at = now() where id = :id
            """;

    private static final String HEARTBEAT =
            """
            update worker me set heartbeat_at = now() where id = :id
            returning (select count(*) from worker),
                      (select count(*) from worker where track = me.track),
                      not exists (select from worker other
                                   where other.id <> me.id
                                     and other.heartbeat_at < me.started_at)
            """;

    private static final String LEAVING =
            """
            update worker set leaving = true where id = :id
            """;

    private static final String LEAVE = """
            delete from worker where id = :id
            """;

    private static final String HELD =
            """
            select id, token from task where status = 'RUNNING' and worker = :worker
            """;

    private static final String WORKERS =
            """
            select w.id, w.name, w.version, w.track, w.started_at, extract(epoch from now() - w.heartbeat_at),
                   (select count(*) from task t where t.status = 'RUNNING' and t.worker = w.id)
              from worker w
             order by w.started_at, w.id
            """;

    private final JdbcClient jdbc;
    private final Tracks tracks;
    private final UnattendedTasks unattended;
    private final FleetSizes sizes = new FleetSizes();
    private volatile int ofItsTrack = 1;
    private volatile Held held = new Held(System.nanoTime(), Long.MAX_VALUE); // until the first heartbeat

    private record Seen(int living, int ofItsTrack, boolean byAll) {}

    private record Held(long sinceNanos, long forNanos) {}

    PostgresFleet(DataSource dataSource, Tracks tracks) {
        this.tracks = tracks;
        this.jdbc = JdbcClient.create(dataSource);
        this.unattended = new UnattendedTasks(jdbc);
    }

    @Override
    public void join(UUID worker, String name, String version) {
        sizes.joining();
        jdbc.sql(JOIN)
                .param("id", worker)
                .param("name", name)
                .param("version", version)
                .param("track", tracks.own())
                .param("trial", tracks.trial())
                .update();
        jdbc.sql(JOINED).param("id", worker).update();
    }

    @Override
    public boolean heartbeat(UUID worker, Duration lease) {
        long sent = System.nanoTime();
        Optional<Seen> seen = jdbc.sql(HEARTBEAT)
                .param("id", worker)
                .query((row, i) -> new Seen(row.getInt(1), row.getInt(2), row.getBoolean(3)))
                .optional();
        seen.ifPresent(now -> {
            sizes.told(System.nanoTime(), Math.max(1, now.living), now.byAll);
            ofItsTrack = Math.max(1, now.ofItsTrack);
            held = new Held(sent, lease.toNanos());
        });
        return seen.isPresent();
    }

    @Override
    public boolean leasesHold() {
        Held now = held;
        return System.nanoTime() - now.sinceNanos < now.forNanos;
    }

    @Override
    public void leaving(UUID worker) {
        jdbc.sql(LEAVING).param("id", worker).update();
    }

    @Override
    public void leave(UUID worker) {
        jdbc.sql(LEAVE).param("id", worker).update();
    }

    @Override
    public int size() {
        return sizes.now();
    }

    @Override
    public long lost() {
        return unattended.buried();
    }

    @Override
    public boolean isKnown() {
        return sizes.isKnown();
    }

    @Override
    public int sharing(Duration period) {
        return sizes.most(System.nanoTime(), period);
    }

    @Override
    public boolean isItsTurn() {
        return ThreadLocalRandom.current().nextInt(ofItsTrack) < TURNS;
    }

    @Override
    public List<Member> workers() {
        return jdbc.sql(WORKERS)
                .query((row, i) -> new Member(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getTimestamp(5).toInstant(),
                        Duration.ofMillis((long) (Math.max(0, row.getDouble(6)) * 1000)),
                        row.getInt(7)))
                .list();
    }

    @Override
    @Transactional
    public int takeOver(Duration lease) {
        return unattended.takeOver(lease);
    }

    @Override
    public int returnFromCanary(int limit) {
        return unattended.returnFromCanary(limit);
    }

    @Override
    public int promoteDue(int limit) {
        return unattended.promoteDue(limit);
    }

    @Override
    public int wakeReleased(int limit) {
        return unattended.wakeReleased(limit);
    }

    @Override
    public Set<Lease> held(UUID worker) {
        return jdbc.sql(HELD)
                .param("worker", worker)
                .query((row, i) -> new Lease(row.getObject(1, UUID.class), row.getLong(2)))
                .set();
    }
}
