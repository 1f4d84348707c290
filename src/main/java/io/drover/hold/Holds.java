package io.drover.hold;

import io.drover.who.Actor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets and releases holds. Both are durable, and in the audit, when they return; other processes know within a second. */
public interface Holds {

    /**
     * What a person wants held.
     *
     * @param name    what; null exactly for {@link Hold.Kind#ALL}
     * @param reason  why; 1 to 500 characters
     * @param lasting how long, or null until it is released
     */
    record Request(Hold.Kind kind, @Nullable String name, String reason, @Nullable Duration lasting) {

        private static final int LONGEST = 500;

        /** The longest time for which a hold may be set; one without a time has no end. */
        private static final Duration LONGEST_LASTING = Duration.ofDays(365);

        /**
         * What a person asks for, checked.
         *
         * @throws BadRequestException when it is no hold
         */
        public static Request of(
                @Nullable String kind, @Nullable String name, @Nullable String reason, @Nullable Duration lasting)
                throws BadRequestException {
            Hold.Kind known = Hold.Kind.of(kind == null ? "" : kind)
                    .orElseThrow(() -> new BadRequestException(
                            "kind", kind, "is not known", "tool, workflow, model, agent, user or all"));
            if (known == Hold.Kind.ALL && name != null) {
                throw new BadRequestException("name", name, "does not belong to a hold on everything", "no name");
            }
            if (known != Hold.Kind.ALL && !isText(name)) {
                throw new BadRequestException("name", name, "is missing or too long", "text of 1 to 500 characters");
            }
            if (!isText(reason)) {
                throw new BadRequestException(
                        "reason", reason, "is missing or too long", "text of 1 to 500 characters");
            }
            if (lasting != null
                    && (lasting.compareTo(Duration.ofSeconds(1)) < 0 || lasting.compareTo(LONGEST_LASTING) > 0)) {
                throw new BadRequestException("for", lasting.toString(), "is out of range", "1s to 365d");
            }
            return new Request(known, name, String.valueOf(reason), lasting);
        }

        private static boolean isText(@Nullable String text) {
            return text != null
                    && !text.isBlank()
                    && text.codePointCount(0, text.length()) <= LONGEST
                    && text.codePoints().noneMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF);
        }
    }

    /** Somebody asked for something that is no hold. */
    final class BadRequestException extends Exception {

        private final String field;
        private final @Nullable String value;
        private final String problem;
        private final String accepted;

        BadRequestException(String field, @Nullable String value, String problem, String accepted) {
            super("%s (%s) %s; accepted: %s".formatted(field, value, problem, accepted));
            this.field = field;
            this.value = value;
            this.problem = problem;
            this.accepted = accepted;
        }

        /** The field that is wrong. */
        public String field() {
            return field;
        }

        /** Its value, or null where it is missing. */
        public @Nullable String value() {
            return value;
        }

        /** What is wrong with it. */
        public String problem() {
            return problem;
        }

        /** What it may be. */
        public String accepted() {
            return accepted;
        }
    }

    /**
     * A hold.
     *
     * @param isNew false where the same person holds the same thing for the same reason already
     */
    record Set(Hold hold, boolean isNew) {}

    /** Sets a hold. No call that is recorded before it is made begins after this has returned. */
    Set set(Request request, Actor who);

    /** Releases a hold. @return what it was, or null where no such hold is in force */
    @Nullable
    Hold release(long id, Actor who);

    /** The holds in force, the oldest first, as the database knows them. */
    List<Hold> inForce();

    /** Removes the holds whose time is over, with a line in the audit. @return how many */
    int expire();
}
