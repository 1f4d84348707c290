package io.drover.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says in words for people how the sample tickets fare. */
final class ProgressReport {

    private static final String GROUP = "drover-support-tickets";
    private static final int MOST_REASONS = 8;
    private static final int LONGEST_LINE = 150;

    private final JdbcClient jdbc;
    private final EmbeddedKafkaServer kafka;
    private final PrintStream out;

    ProgressReport(JdbcClient jdbc, EmbeddedKafkaServer kafka, PrintStream out) {
        this.jdbc = jdbc;
        this.kafka = kafka;
        this.out = out;
    }

    /** How many tickets the topic has got so far. */
    long received() {
        return ends().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Prints a line a second until nothing moves by itself any more. */
    void watch() {
        long begun = System.nanoTime();
        String before = "";
        while (true) {
            long unread = unread();
            Map<String, Long> counts = counts();
            String now = counts.entrySet().stream()
                    .map(count -> count.getKey() + " " + count.getValue())
                    .collect(Collectors.joining("   "));
            if (!now.equals(before)) {
                out.printf(
                        "%4d s   %s%n",
                        Duration.ofNanos(System.nanoTime() - begun).toSeconds(), now);
                before = now;
            }
            if (unread == 0 && moving() == 0 && unjudged() == 0) {
                return;
            }
            pause();
        }
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String status : List.of("QUEUED", "RUNNING", "WAITING", "COMPLETED", "DEAD", "CANCELLED")) {
            counts.put(status.toLowerCase(), 0L);
        }
        jdbc.sql("select lower(status) as status, count(*) as tasks from task group by status")
                .query(row -> {
                    counts.put(row.getString("status"), row.getLong("tasks"));
                });
        counts.remove("cancelled", 0L);
        return counts;
    }

    /** Tasks that go on without a person. */
    private long moving() {
        return count(
                "select count(*) from task where status in ('QUEUED', 'RUNNING') or wait_reason in ('DELAY', 'RETRY')");
    }

    /** Outcomes that the judge of a rollout has not heard. */
    private long unjudged() {
        return count(
                "select count(*) from outcome o join rollout r on r.id = o.rollout where r.state = 'RUNNING' and o.place is null");
    }

    void summary() {
        long completed = count("select count(*) from task where status = 'COMPLETED'");
        out.printf("%n%d tasks completed; of these%n", completed);
        of(
                "had a call that was tried again",
                "select count(distinct t.id) from task t join call c on c.task_id = t.id where t.status = 'COMPLETED' and c.tries > 1");
        of("needed a second attempt", "select count(*) from task where status = 'COMPLETED' and attempt > 1");
        of(
                "fell back to another tool",
                "select count(distinct t.id) from task t join call c on c.task_id = t.id where t.status = 'COMPLETED' and c.fallback is not null");
        of(
                "had a call in doubt, and the tool's reconcile tool knew its end",
                "select count(distinct t.id) from task t join call c on c.task_id = t.id where t.status = 'COMPLETED' and c.tool = 'refund_status'");
        models();
        rollouts();
        tasks("dead", "status = 'DEAD'", "error ->> 'message'");
        tasks("waiting for a person, because a call is in doubt", "wait_reason = 'IN_DOUBT'", "error ->> 'message'");
        tasks("waiting for an approval", "wait_reason = 'APPROVAL'", "error ->> 'tool'");
        deadLetters();
    }

    /** The number of a request that people have to decide, or an empty string. */
    String approval() {
        return jdbc.sql("select id::text from approval where state = 'OPEN' order by id limit 1")
                .query(String.class)
                .optional()
                .orElse("");
    }

    /** A call that only a person can settle, as {@code <task>/calls/<n>}, or an empty string. */
    String callInDoubt() {
        return jdbc.sql(
                        "select task_id || '/calls/' || n from call where state = 'IN_DOUBT' order by started_at limit 1")
                .query(String.class)
                .optional()
                .orElse("");
    }

    private void of(String what, String sql) {
        out.printf("  %5d %s%n", count(sql), what);
    }

    private void models() {
        jdbc.sql(
                        """
                        select count(distinct task_id) as tasks, count(*) as answers, coalesce(sum((result ->> 'usd')::numeric), 0) as usd
                          from call where tool like 'model.%' and state = 'SUCCEEDED'
                        """)
                .query(row -> {
                    out.printf(
                            "%d tasks were read by a model, which answered %d times for $%.4f%n",
                            row.getLong("tasks"), row.getLong("answers"), row.getBigDecimal("usd"));
                });
    }

    /** What was on trial, and how that ended. */
    private void rollouts() {
        jdbc.sql(
                        """
                        select r.workflow, r.candidate, lower(replace(r.state, '_', ' ')) as state, r.reason,
                               (select count(*) from outcome o where o.rollout = r.id and o.version = r.candidate) as tasks
                          from rollout r order by r.began_at
                        """)
                .query(row -> {
                    out.printf(
                            "%d tasks ended by version %d of %s, which is %s: %s%n",
                            row.getLong("tasks"),
                            row.getInt("candidate"),
                            row.getString("workflow"),
                            row.getString("state"),
                            shortened(row.getString("reason")));
                });
    }

    private void tasks(String what, String condition, String reason) {
        List<Map<String, Object>> groups = jdbc.sql(
                        """
                        select count(*) as tasks, coalesce(%s, '') as reason, min(id::text) as example
                          from task where %s group by 2 order by 1 desc
                        """
                                .formatted(reason, condition))
                .query()
                .listOfRows();
        out.printf(
                "%d tasks %s%n",
                groups.stream().mapToLong(g -> (long) g.get("tasks")).sum(), what);
        groups.stream()
                .limit(MOST_REASONS)
                .forEach(group -> out.printf(
                        "  %5d %s   (such as %s)%n",
                        group.get("tasks"), shortened(group.get("reason").toString()), group.get("example")));
        if (groups.size() > MOST_REASONS) {
            out.printf("        and %d other reasons; the console has all%n", groups.size() - MOST_REASONS);
        }
    }

    private void deadLetters() {
        Map<String, Long> reasons = TopicReader.read(kafka.brokers(), LocalStand.TICKETS + ".dlq").stream()
                .map(record -> shortened(TopicReader.header(record, "drover-reason")))
                .collect(Collectors.groupingBy(UnaryOperator.identity(), TreeMap::new, Collectors.counting()));
        long dead = reasons.values().stream().mapToLong(Long::longValue).sum();
        long tasks = count("select count(*) from task where submitted_by = '%s'".formatted(LocalStand.TICKETS));
        out.printf("%d records were repetitions of others and made no task%n", received() - tasks - dead);
        out.printf("%d records are in the dead letter topic %s.dlq%n", dead, LocalStand.TICKETS);
        reasons.forEach((reason, records) -> out.printf("  %5d %s%n", records, reason));
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>");
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private long unread() {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return ends().entrySet().stream()
                    .mapToLong(end -> end.getValue()
                            - (committed.get(end.getKey()) == null
                                    ? 0
                                    : committed.get(end.getKey()).offset()))
                    .sum();
        } catch (ExecutionException e) {
            return Long.MAX_VALUE; // the group is not there yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Map<TopicPartition, Long> ends() {
        try (Admin admin = kafka.admin()) {
            return admin
                    .listOffsets(IntStream.range(0, 4)
                            .mapToObj(partition -> new TopicPartition(LocalStand.TICKETS, partition))
                            .collect(Collectors.toMap(UnaryOperator.identity(), partition -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
