package io.drover.journal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class PostgresFleet implements Fleet {

    private static final int TURNS = 4;

    private static final String JOIN =
            """
            insert into worker (id, name, version, track) values (:id, :name, :version, :track)
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

    private static final String BURY =
            """
            delete from worker where heartbeat_at < now() - :lease_ms * interval '1 millisecond'
            """;

    // The partial index holds running tasks only, so this costs what is running, not what is stored. A task that has
    // got
    // on since it was claimed is hardly what its worker died of, and neither that nor a first loss counts as an
    // attempt.
    private static final String REQUEUE_ORPHANS =
            """
            update task
               set status = 'QUEUED', worker = null, run_at = now(),
                   attempt = greatest(0, attempt - case when got_on or lost = 0 then 1 else 0 end),
                   lost = case when got_on then 1 else least(lost + 1, 1000) end
              from (select t.id, exists (select from call c
                                          where c.task_id = t.id and c.token = t.token and c.state = 'SUCCEEDED') as got_on
                      from task t
                     where t.status = 'RUNNING' and not exists (select from worker w where w.id = t.worker)
                       for update of t skip locked) orphan
             where task.id = orphan.id
            """;

    private static final String RETURN_FROM_CANARY =
            """
            update task
               set track = 'stable'
             where id in (select id from task
                           where track = 'canary' and status in ('QUEUED', 'WAITING')
                             and not exists (select from worker where track = 'canary' and not leaving)
                           limit :limit
                             for update skip locked)
            """;

    private static final String PROMOTE_DUE =
            """
            update task
               set status = 'QUEUED', wait_reason = null
             where id in (select id from task
                           where status = 'WAITING' and run_at <= now()
                           order by run_at limit :limit
                             for update skip locked)
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
    private final FleetSizes sizes = new FleetSizes();
    private final AtomicLong lost = new AtomicLong();
    private volatile int ofItsTrack = 1;
    private volatile Held held = new Held(System.nanoTime(), Long.MAX_VALUE); // until the first heartbeat

    private record Seen(int living, int ofItsTrack, boolean byAll) {}

    private record Held(long sinceNanos, long forNanos) {}

    PostgresFleet(DataSource dataSource, Tracks tracks) {
        this.tracks = tracks;
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public void join(UUID worker, String name, String version) {
        sizes.joining();
        jdbc.sql(JOIN)
                .param("id", worker)
                .param("name", name)
                .param("version", version)
                .param("track", tracks.own())
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
        return lost.get();
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
        lost.addAndGet(jdbc.sql(BURY).param("lease_ms", lease.toMillis()).update());
        return jdbc.sql(REQUEUE_ORPHANS).update();
    }

    @Override
    public int returnFromCanary(int limit) {
        return jdbc.sql(RETURN_FROM_CANARY).param("limit", limit).update();
    }

    @Override
    public int promoteDue(int limit) {
        return jdbc.sql(PROMOTE_DUE).param("limit", limit).update();
    }

    @Override
    public Set<Lease> held(UUID worker) {
        return jdbc.sql(HELD)
                .param("worker", worker)
                .query((row, i) -> new Lease(row.getObject(1, UUID.class), row.getLong(2)))
                .set();
    }
}
