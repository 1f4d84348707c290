package io.drover.intake;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;
import org.quartz.CronTrigger;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;

/**
 * The instant of a schedule for which Quartz fires. It is the same on every replica, also where a replica that was frozen
 * fires late: Quartz then calls the time at which it woke up the scheduled one.
 */
final class DueInstant {

    /** How far back the last instant is looked for, so that no step takes many instants. */
    private static final List<Duration> BACK = List.of(
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofDays(32),
            Duration.ofDays(367),
            Duration.ofDays(4 * 366 * 3));

    private DueInstant() {}

    /** @return null for a schedule that is repeated a number of times in each process, from its start */
    static @Nullable Instant of(Trigger trigger, Date scheduled) {
        if (trigger instanceof CronTrigger cron) {
            return last(cron, scheduled);
        }
        return trigger instanceof SimpleTrigger simple
                        && simple.getRepeatCount() == SimpleTrigger.REPEAT_INDEFINITELY
                        && simple.getRepeatInterval() > 0
                ? interval(scheduled.getTime(), simple.getRepeatInterval())
                : null;
    }

    /** The begin of the interval in which a time lies; intervals are counted from 1970. */
    static Instant interval(long millis, long length) {
        return Instant.ofEpochMilli(Math.floorDiv(millis, length) * length);
    }

    /** The last instant of the schedule that is not after a time. */
    private static Instant last(CronTrigger trigger, Date time) {
        CronExpression cron;
        try {
            cron = new CronExpression(trigger.getCronExpression());
        } catch (ParseException e) {
            throw new IllegalStateException("Quartz has parsed it before", e);
        }
        cron.setTimeZone(trigger.getTimeZone());
        for (Duration back : BACK) {
            Date found = null;
            Date next = cron.getTimeAfter(Date.from(time.toInstant().minus(back)));
            while (next != null && !next.after(time)) {
                found = next;
                next = cron.getTimeAfter(next);
            }
            if (found != null) {
                return found.toInstant();
            }
        }
        return time.toInstant();
    }
}
