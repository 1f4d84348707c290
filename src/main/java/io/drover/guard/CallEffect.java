package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Effect;
import io.drover.json.Json;
import io.drover.tool.EffectKey;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a call, as its tool names it.
 *
 * @param effect  null where the tool names none
 * @param problem why it cannot be named, or null
 */
record CallEffect(@Nullable Effect effect, @Nullable String problem) {

    private static final int LONGEST = 500;

    private static final CallEffect NONE = new CallEffect(null, null);

    /** Equal arguments have equal keys, however they are spelled. */
    static CallEffect of(CallIdentity call) {
        Effect inherited = call.request().effect();
        EffectKey named = call.tool().spec().effectKey();
        Function<com.fasterxml.jackson.databind.JsonNode, @Nullable String> keys =
                call.tool().effectKey();
        if (inherited != null) {
            return new CallEffect(inherited, null);
        }
        if (named == null || keys == null) {
            return NONE;
        }
        String tool = call.tool().spec().name();
        String said = "tool:%s: effectKey (%s)".formatted(tool, named.key());
        String key;
        try {
            key = keys.apply(Json.parse(call.recorded()));
        } catch (JsonProcessingException | RuntimeException e) {
            return new CallEffect(null, "%s cannot be evaluated: %s".formatted(said, e.getMessage()));
        }
        if (key == null || key.isBlank()) {
            return new CallEffect(
                    null,
                    said
                            + " is empty for these arguments, so nothing tells one effect from another; require the arguments"
                            + " that it names");
        }
        key = key.strip();
        if (key.length() > LONGEST || key.chars().anyMatch(Character::isISOControl)) {
            return new CallEffect(
                    null, "%s must be 1 to %d characters, without control characters".formatted(said, LONGEST));
        }
        ClaimedTask task = call.context().attempt().task();
        String scope =
                switch (named.scope()) {
                    case TASK -> "task:" + task.id();
                    case WORKFLOW -> "workflow:" + task.workflow();
                    case ALL -> "all";
                };
        return new CallEffect(new Effect(scope, named.namespace(), key, tool), null);
    }
}
