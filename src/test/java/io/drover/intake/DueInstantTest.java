package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Quick;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronScheduleBuilder;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

/** The instant for which a schedule fires, on time and late. */
@Quick
class DueInstantTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 52 1 * * ?      | UTC           | 2026-11-28T01:52:00Z     | 2026-11-28T01:52:00Z
                    0 52 1 * * ?      | UTC           | 2026-11-28T01:53:25.423Z | 2026-11-28T01:52:00Z
                    0 52 1 * * ?      | UTC           | 2026-11-28T01:51:59.999Z | 2026-11-27T01:52:00Z
                    0 * * * * ?       | UTC           | 2026-11-28T03:17:59Z     | 2026-11-28T03:17:00Z
                    * * * * * ?       | UTC           | 2026-11-28T03:17:59.5Z   | 2026-11-28T03:17:59Z
                    0 0 0 1 1 ?       | UTC           | 2026-12-31T23:59:59Z     | 2026-01-01T00:00:00Z
                    0 0 0 29 2 ?      | UTC           | 2027-03-01T00:00:00Z     | 2024-02-29T00:00:00Z
                    0 0 2 * * ?       | Europe/Berlin | 2026-07-01T00:00:03Z     | 2026-07-01T00:00:00Z
                    0 0 2 * * ?       | Europe/Berlin | 2026-12-01T01:00:03Z     | 2026-12-01T01:00:00Z
                    0 30 12 * * ?     | Europe/Berlin | 2026-03-29T10:31:00Z     | 2026-03-29T10:30:00Z
                    0 30 12 * * ?     | Europe/Berlin | 2026-10-25T11:31:00Z     | 2026-10-25T11:30:00Z
                    """)
    void isTheLastOneThatWasDue(String cron, String zone, Instant fired, Instant due) {
        Trigger trigger = TriggerBuilder.newTrigger()
                .withSchedule(CronScheduleBuilder.cronSchedule(cron).inTimeZone(TimeZone.getTimeZone(zone)))
                .build();

        assertThat(DueInstant.of(trigger, Date.from(fired))).isEqualTo(due);
    }

    @Test
    void ofAnIntervalIsTheSameOnAllReplicas() {
        Trigger trigger = TriggerBuilder.newTrigger()
                .withSchedule(SimpleScheduleBuilder.repeatMinutelyForever())
                .build();

        assertThat(List.of("2026-11-28T01:52:00Z", "2026-11-28T01:52:59.999Z"))
                .allSatisfy(fired -> assertThat(DueInstant.of(trigger, Date.from(Instant.parse(fired))))
                        .isEqualTo(Instant.parse("2026-11-28T01:52:00Z")));
        assertThat(DueInstant.of(
                        TriggerBuilder.newTrigger()
                                .withSchedule(SimpleScheduleBuilder.repeatMinutelyForTotalCount(3))
                                .build(),
                        new Date()))
                .isNull();
    }

    /** Quartz calls the time at which it woke up the scheduled one. */
    @Test
    void aScheduleThatWasFrozenFiresOnceForTheInstantThatWasDue() throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        List<Date> seen = new CopyOnWriteArrayList<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            QuartzComponent quartz = new QuartzComponent(context);
            quartz.setProperties(Map.of(
                    "org.quartz.threadPool.threadCount", "1",
                    "org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool",
                    "org.quartz.scheduler.instanceName", "misfire",
                    "org.quartz.jobStore.misfireThreshold", "50"));
            context.addComponent("quartz", quartz);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("quartz:frozen?cron=0/2+*+*+*+*+?")
                            .routeId("frozen")
                            .routePolicy(new EventPolicy(new Triggers(List.of())))
                            .process(exchange ->
                                    seen.add(exchange.getMessage().getHeader("scheduledFireTime", Date.class)))
                            .removeHeaders("*")
                            .process(exchange -> keys.add(
                                    TriggerEvent.of(exchange).next("w", null).text()));
                }
            });
            context.start();
            await().until(() -> !keys.isEmpty());

            quartz.getScheduler().standby();
            Instant woken = Instant.now().plusMillis(4_300); // as a process that gets no time for that long
            await().until(() -> Instant.now().isAfter(woken));
            int before = keys.size();
            quartz.getScheduler().start();
            await().until(() -> keys.size() > before + 1);
        }

        assertThat(keys).doesNotHaveDuplicates().allSatisfy(key -> {
            Instant due = Instant.parse(key.substring("frozen/".length()));
            assertThat(due.getNano()).isZero();
            assertThat(due.getEpochSecond() % 2).isZero();
        });
        assertThat(seen).allMatch(due -> due.getTime() % 2_000 == 0);
    }
}
