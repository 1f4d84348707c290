package io.drover.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Floor: the smallest durable journal that could be written, not a product. Every write (a task, each of its three
 * results, its end) goes through a group-committing writer; each result is durable before the next call. No retries,
 * leases, timers, guards, metrics or API; one process; recovery only by restart.
 */
final class JournalFloor {

    private static final String JDBC = System.getenv("JDBC_URL");
    private static final int AT_ONCE = Integer.parseInt(System.getenv().getOrDefault("CONCURRENCY", "1000"));

    private static final String TABLES = """
            create table if not exists task (
                n bigserial, id text primary key, input jsonb not null, state smallint not null default 0, result jsonb,
                created timestamptz default clock_timestamp(), done timestamptz);
            create index if not exists task_q on task (n) where state = 0;
            create table if not exists step (task text not null, n int not null, doc jsonb not null, primary key (task, n));
            update task set state = 0 where state = 1
            """;

    private static final String INSERT = """
            insert into task (id, input) select * from unnest(?::text[], ?::jsonb[]) on conflict do nothing
            """;

    private static final String STEP = """
            insert into step (task, doc, n) select * from unnest(?::text[], ?::jsonb[], ?::int[]) on conflict do nothing
            """;

    private static final String COMPLETE = """
            update task t set state = 2, result = x.r, done = clock_timestamp()
              from (select unnest(?::text[]) id, unnest(?::jsonb[]) r) x where t.id = x.id
            """;

    private static final String CLAIM = """
            update task set state = 1
             where id = any(array(select id from task where state = 0 order by n limit ? for update skip locked))
            returning id
            """;

    private static final String STEPS = "select task, n, doc from step where task = any(?)";

    private record Write(String id, int step, String doc, CompletableFuture<Void> durable) {}

    /** One statement with arrays and one commit for all writes that wait. */
    private static final class Writer {
        private final LinkedBlockingQueue<Write> queue = new LinkedBlockingQueue<>();
        private final String sql;

        private Writer(String sql) {
            this.sql = sql;
            Thread.ofPlatform().daemon().start(this::run);
        }

        private void put(String id, int step, String doc) throws Exception {
            Write write = new Write(id, step, doc, new CompletableFuture<>());
            queue.add(write);
            write.durable.get();
        }

        private void run() {
            try (Connection connection = connect();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                List<Write> batch = new ArrayList<>();
                while (true) {
                    batch.add(queue.take());
                    queue.drainTo(batch, 499);
                    statement.setArray(1, connection.createArrayOf("text", batch.stream().map(Write::id).toArray()));
                    statement.setArray(2, connection.createArrayOf("text", batch.stream().map(Write::doc).toArray()));
                    if (sql == STEP) {
                        statement.setArray(3, connection.createArrayOf("int4", batch.stream().map(Write::step).toArray()));
                    }
                    statement.executeUpdate();
                    batch.forEach(write -> write.durable.complete(null));
                    batch.clear();
                }
            } catch (Throwable e) {
                e.printStackTrace();
                System.exit(1);
            }
        }
    }

    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final LinkedBlockingQueue<Integer> wake = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final Writer inserts = new Writer(INSERT);
    private final Writer steps = new Writer(STEP);
    private final Writer ends = new Writer(COMPLETE);

    public static void main(String[] args) throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        JournalFloor floor = new JournalFloor();
        Thread.ofPlatform().daemon().start(floor::claim);
        Protocol.serve(Map.of(
                "submit", command -> Protocol.closedLoop(command, 64, floor::submit),
                "latency", command -> Protocol.openLoop(command, floor::submitAndWait),
                "count", command -> Protocol.object().put("done", count("select count(*) from task where state = 2"))));
    }

    private void submit(String id) throws Exception {
        inserts.put(id, 0, "{\"subject\":\"where is my order\"}");
        wake.offer(1);
    }

    private void submitAndWait(String id) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.put(id, done);
        submit(id);
        done.get();
    }

    private void claim() {
        try (Connection connection = connect();
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement known = connection.prepareStatement(STEPS)) {
            boolean recovering = true;
            while (true) {
                slots.acquire();
                int free = 1 + slots.drainPermits();
                List<String> ids = new ArrayList<>();
                claim.setInt(1, Math.min(free, 500));
                try (ResultSet row = claim.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getString(1));
                    }
                }
                slots.release(free - ids.size());
                Map<String, String[]> done = new HashMap<>();
                if (ids.isEmpty()) {
                    recovering = false;
                    wake.poll(20, TimeUnit.MILLISECONDS);
                    wake.clear();
                } else if (recovering) {
                    known.setArray(1, connection.createArrayOf("text", ids.toArray()));
                    try (ResultSet row = known.executeQuery()) {
                        while (row.next()) {
                            done.computeIfAbsent(row.getString(1), id -> new String[3])[row.getInt(2)] = row.getString(3);
                        }
                    }
                }
                for (String id : ids) {
                    String[] results = done.getOrDefault(id, new String[3]);
                    Thread.ofVirtual().start(() -> run(id, results));
                }
            }
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void run(String id, String[] done) {
        try {
            String customer = done[0] != null ? done[0] : step(id, 0, Calls.customer(id));
            String orders = done[1] != null ? done[1] : step(id, 1, Calls.orders(id));
            String ticket = done[2] != null ? done[2] : step(id, 2, Calls.ticket(id, customer, orders));
            ends.put(id, 0, Calls.result(id, customer, orders, ticket));
            CompletableFuture<Void> waits = waiting.remove(id);
            if (waits != null) {
                waits.complete(null);
            }
        } catch (Throwable e) {
            e.printStackTrace();
        } finally {
            slots.release();
        }
    }

    private String step(String id, int n, String result) throws Exception {
        steps.put(id, n, result);
        return result;
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(JDBC + "&prepareThreshold=1");
    }
}
