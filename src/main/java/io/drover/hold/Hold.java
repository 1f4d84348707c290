package io.drover.hold;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person stopped something for the whole fleet; what is held waits.
 *
 * @param name   what is held; null exactly for {@link Kind#ALL}
 * @param reason why, as the person said
 * @param who    who set it
 * @param until  when it ends by itself, by the database's clock; null where it has to be released
 */
public record Hold(
        long id, Kind kind, @Nullable String name, String reason, String who, Instant since, @Nullable Instant until) {

    /** What a hold stops. */
    public enum Kind {
        /** The calls of a tool. */
        TOOL,
        /** The tasks of a workflow. */
        WORKFLOW,
        /** The questions to a model. */
        MODEL,
        /** An agent: what it asks a model, and its calls. */
        AGENT,
        /** The tasks that a user, or a trigger, submitted. */
        USER,
        /** Everything. */
        ALL;

        /** As the API and the command line write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind with this text, if there is one. */
        public static Optional<Kind> of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text().equals(text))
                    .findFirst();
        }

        /** What a hold of this kind on that name stops, in one word: {@code tool:refund}. */
        public String subject(@Nullable String name) {
            return name == null ? text() : text() + ':' + name;
        }
    }

    /** The subject of a hold on everything. */
    public static final String ALL = Kind.ALL.subject(null);

    /** What it stops, in one word: {@code tool:refund}, or {@code all}. */
    public String subject() {
        return kind.subject(name);
    }

    /** For who meets it: what is held, by whom, why and for how long. */
    public String text() {
        return "%s is held by %s since %s%s: %s (hold %d)"
                .formatted(
                        kind == Kind.ALL ? "everything" : subject(),
                        who,
                        since,
                        until == null ? "" : " until " + until,
                        reason,
                        id);
    }
}
