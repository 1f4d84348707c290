package io.drover.api;

import io.drover.journal.KeyOwner;
import io.drover.who.Actor;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Whose key it is when an operator submits by hand what a trigger would submit later.
 * With the key that the trigger will use, the event and the operator's task are one task.
 */
enum KeyOf {
    /** The value of the {@code key} of the trigger's {@code to: task:}. */
    TRIGGER(KeyOwner.TRIGGER, ".*", "a text"),

    /** The position of a Kafka record, where the trigger gives no key. */
    RECORD(KeyOwner.EVENT, "[^/]+/\\d+/\\d+", "<topic>/<partition>/<offset>");

    private final String owner;
    private final Pattern form;
    private final String accepted;

    KeyOf(String owner, String form, String accepted) {
        this.owner = owner;
        this.form = Pattern.compile(form, Pattern.DOTALL);
        this.accepted = accepted;
    }

    /**
     * The owner of a key.
     *
     * @param keyOf  as the caller gives it
     * @param usual  the owner of the keys of this caller
     * @throws ProblemException if the caller may not use a trigger's key, or there is none
     */
    static String owner(@Nullable String keyOf, @Nullable String key, Actor actor, String usual) {
        if (keyOf == null) {
            return usual;
        }
        KeyOf of = Arrays.stream(values())
                .filter(value -> value.word().equals(keyOf))
                .findFirst()
                .orElseThrow(() -> ProblemException.badField("keyOf", keyOf, "is unknown", words()));
        if (!actor.mayOperate()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "forbidden", "only an operator may submit under the key of a trigger");
        }
        if (key == null || !of.form.matcher(key).matches()) {
            throw ProblemException.badField(
                    "Idempotency-Key", key, "is not the key of a " + of.word() + "'s task", of.accepted);
        }
        return of.owner;
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String words() {
        return Arrays.stream(values()).map(KeyOf::word).collect(Collectors.joining(" or "));
    }
}
