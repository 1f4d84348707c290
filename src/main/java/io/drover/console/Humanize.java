package io.drover.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says times, states and documents as people read them. Public methods, because templates call them. */
final class Humanize {

    private static final int LONGEST_DOCUMENT = 20_000;
    private static final int LONGEST_MESSAGE = 300;

    /** As {@code dead_cause} cuts it. */
    private static final int LONGEST_CAUSE = 100;

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Instant now;

    Humanize(Instant now) {
        this.now = now;
    }

    /** As in {@code 3 min ago} or {@code in 2 h}. */
    public String age(Instant time) {
        Duration since = Duration.between(time, now);
        String span = span(since.abs().truncatedTo(ChronoUnit.SECONDS));
        return since.abs().toMillis() < 1000 ? "now" : since.isNegative() ? "in " + span : span + " ago";
    }

    public boolean isPast(Instant time) {
        return !time.isAfter(now);
    }

    /** In one unit: two would be too much to read. */
    public String span(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return duration.toMillis() + " ms";
        }
        if (seconds < 10 && duration.toMillisPart() > 0) {
            return "%d.%d s".formatted(seconds, duration.toMillisPart() / 100);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    public String span(Instant from, @Nullable Instant to) {
        return to == null ? "" : span(Duration.between(from, to).abs());
    }

    /** As in {@code 2026-11-23 15:58:46 UTC}. */
    public String utc(Instant time) {
        return UTC.format(time);
    }

    public String iso(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** A constant's name as words: {@code IN_DOUBT} is {@code in doubt}. */
    public String words(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A document on several lines, cut where it is long. */
    public String json(String document) {
        String pretty;
        try {
            pretty = Json.tree(Json.recorded(document)).toPrettyString();
        } catch (JsonProcessingException e) {
            pretty = document;
        }
        return pretty.length() <= LONGEST_DOCUMENT
                ? pretty
                : pretty.substring(0, LONGEST_DOCUMENT)
                        + "\n… and %d more characters; the API has all".formatted(pretty.length() - LONGEST_DOCUMENT);
    }

    /** The message of an error, else all of it. */
    public String message(@Nullable String error) {
        String said = field(error, "message");
        String message = said != null ? said : error == null ? "" : error;
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    }

    /** What dead tasks have in common; the database cuts it. */
    public String cause(String reason) {
        return reason.length() < LONGEST_CAUSE ? reason : reason + "…";
    }

    /** What a task waits for, as in {@code an approval of tool refund}. */
    public String waits(WaitReason reason, @Nullable String error) {
        String tool = field(error, "tool");
        boolean step = tool != null && tool.startsWith("wait:");
        if (step) {
            return message(error).replaceFirst("^waits for ", "");
        }
        String ofTool = tool == null ? "" : " of tool " + tool;
        return switch (reason) {
            case DELAY -> tool == null ? "its time" : "tool " + tool;
            case RETRY -> "the next attempt";
            case IN_DOUBT -> "a decision about a call" + ofTool;
            case APPROVAL -> "an approval" + ofTool;
            case HELD -> "the release of a hold" + (tool == null ? "" : ", to call tool " + tool);
            case EFFECT -> "another call with the same effect" + ofTool;
            case SIGNAL -> "a signal";
            case TIME -> "a time";
            case CHILD -> "a child task";
        };
    }

    /** A text in an error; null where there is none, or the error is not JSON. */
    private static @Nullable String field(@Nullable String error, String name) {
        if (error == null) {
            return null;
        }
        try {
            JsonNode value = Json.tree(Json.recorded(error)).path(name);
            return value.isTextual() ? value.asText() : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
