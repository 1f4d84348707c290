package io.drover.intake;

import io.drover.json.Digest;
import io.drover.route.check.EventIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;
import org.quartz.Trigger;

/** Finds the identity of an event that may come more than once. */
final class SourceKeys {

    /** Set by Quartz: when the trigger was due, the same on all replicas unless it fires late. */
    private static final String SCHEDULED_FIRE_TIME = "scheduledFireTime";

    private static final String TRIGGER = "trigger";
    private static final String MAIL_NUMBER = "CamelMailMessageId";
    private static final int LONGEST = 300;

    private SourceKeys() {}

    /** When the event occurred; null if the source does not say, or it is a request. */
    static @Nullable Instant instant(String scheme, Exchange exchange) {
        SourceRecord record = SourceRecord.of(exchange);
        if (record != null) {
            return Instant.ofEpochMilli(record.timestamp());
        }
        Message message = exchange.getMessage();
        if (message.getHeader(SCHEDULED_FIRE_TIME) instanceof Date due) {
            return due.toInstant();
        }
        if (EventIdentity.INTERVALS.contains(scheme)) {
            return due(exchange.getFromEndpoint());
        }
        long stamp =
                EventIdentity.HTTP.contains(scheme) ? 0 : message.getMessageTimestamp(); // of a file, its last change
        return stamp > 0 ? Instant.ofEpochMilli(stamp) : null;
    }

    static String scheme(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        return uri.substring(0, Math.max(0, uri.indexOf(':')));
    }

    /** The form in which a text from outside can be stored in a key. */
    static String storable(String text) {
        boolean asItIs = text.length() <= LONGEST
                && text.chars().noneMatch(Character::isISOControl)
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        return asItIs ? text : Digest.uuid(text).toString();
    }

    /** The identity of an event that is neither a record nor a request; null if it has none. */
    static @Nullable String identity(String scheme, Exchange exchange) {
        Endpoint from = exchange.getFromEndpoint();
        Message message = exchange.getMessage();
        if (EventIdentity.SCHEDULES.contains(scheme)) {
            return due(message);
        }
        if (EventIdentity.INTERVALS.contains(scheme)) {
            Instant due = due(from);
            return due == null ? null : due.toString();
        }
        if (EventIdentity.FILES.contains(scheme)) {
            return joined(message, List.of(Exchange.FILE_NAME, Exchange.FILE_LAST_MODIFIED, Exchange.FILE_LENGTH));
        }
        if (EventIdentity.MAIL.contains(scheme)) {
            String id = joined(message, List.of("Message-ID"));
            Object number = exchange.getProperty(MAIL_NUMBER);
            return id == null ? null : id + "/" + (number == null ? message.getHeader(MAIL_NUMBER) : number);
        }
        return EventIdentity.HEADERS.containsKey(scheme) ? joined(message, EventIdentity.HEADERS.get(scheme)) : null;
    }

    /** The author's steps read the instant in the header, too. */
    private static @Nullable String due(Message message) {
        if (message.getHeader(SCHEDULED_FIRE_TIME) instanceof Date scheduled
                && message.getHeader(TRIGGER) instanceof Trigger trigger) {
            Instant due = DueInstant.of(trigger, scheduled);
            if (due != null) {
                message.setHeader(SCHEDULED_FIRE_TIME, Date.from(due));
                return due.toString();
            }
        }
        return null;
    }

    /** When the interval began in which the present lies; null for one that is repeated a number of times in each process. */
    private static @Nullable Instant due(Endpoint from) {
        long interval = interval(from);
        return interval <= 0 ? null : DueInstant.interval(System.currentTimeMillis(), interval);
    }

    /** Milliseconds, or 0 for one that is repeated a number of times in each process. */
    private static long interval(Endpoint from) {
        if (from instanceof TimerEndpoint timer) {
            return timer.getRepeatCount() > 0 ? 0 : timer.getPeriod();
        }
        return from instanceof ScheduledPollEndpoint poll
                        && poll.getRepeatCount() <= 0
                        && (poll.getScheduler() == null || "none".equals(poll.getScheduler()))
                ? poll.getTimeUnit().toMillis(poll.getDelay())
                : 0;
    }

    /** @return null unless all are there */
    private static @Nullable String joined(Message message, List<String> headers) {
        List<String> values = new ArrayList<>();
        for (String header : headers) {
            Object value = message.getHeader(header);
            if (value == null || value.toString().isBlank()) {
                return null;
            }
            values.add(value.toString());
        }
        return String.join("/", values);
    }
}
