package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.flag.Flags;
import io.drover.flag.Resolution;
import io.drover.journal.Attempt;
import io.drover.journal.AttemptEnd;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Family;
import io.drover.journal.WaitReason;
import io.drover.json.Digest;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.start.Listeners;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The flags of tasks. A flag is resolved when a task asks for it first, and recorded like a read: it is durable before
 * anything that may depend on it leaves the attempt. Who asks later, in this attempt or another one, gets the same.
 */
@Component
public class TaskFlags {

    /** The prefix of the names under which flags stand among the calls of a task. */
    public static final String PREFIX = "flag:";

    private static final Duration UNTIL_THE_FLAGS_ARE_HERE = Duration.ofSeconds(10);
    private static final int LONGEST_TEXT = 1000;
    private static final int MOST_ATTRIBUTES = 200;

    private final Flags flags;
    private final JournalRepository journal;
    private final Listeners<ToolCallListener> listeners;
    private final Clock clock;

    TaskFlags(Flags flags, JournalRepository journal, List<ToolCallListener> listeners, Clock clock) {
        this.flags = flags;
        this.journal = journal;
        this.listeners = new Listeners<>(listeners);
        this.clock = clock;
    }

    /**
     * What a flag is for a task.
     *
     * @param other its value where the provider has none, or null
     * @throws FlagUnknownException where there is none
     */
    public @Nullable Object value(TaskContext context, String flag, @Nullable JsonNode other) {
        return Json.value(resolved(context, flag, other).path("value"));
    }

    /** Whether a flag is true, or {@code on}. One that is not known is off. */
    boolean isOn(TaskContext context, String flag) {
        JsonNode value = resolved(context, flag, BooleanNode.FALSE).path("value");
        return value.isBoolean() ? value.booleanValue() : value.asText().equals("on");
    }

    /** Why a tool may not be called by this task, or null. A tool without a flag costs nothing here. */
    @Nullable
    ToolOutcome refusal(GuardedCall call) {
        String flag = call.spec().flag();
        if (flag == null) {
            return null;
        }
        String missing = flags.missing();
        if (missing != null) {
            return new ToolOutcome.Deferred(false, missing, UNTIL_THE_FLAGS_ARE_HERE);
        }
        return isOn(call.identity().context(), flag)
                ? null
                : GuardPolicy.never(call, "its flag '%s' is off for this task".formatted(flag));
    }

    /** Whether the flag of a tool lets this task call it. */
    boolean allow(TaskContext context, ToolSpec tool) {
        return tool.flag() == null || isOn(context, tool.flag());
    }

    private JsonNode resolved(TaskContext context, String flag, @Nullable JsonNode other) {
        Attempt attempt = context.attempt();
        UUID address = Digest.uuid(attempt.task().id().toString(), PREFIX + flag);
        CallRecord known = attempt.recorded(address);
        UUID live = attempt.live();
        if (known == null && live != null) {
            known = attempt.recorded(Digest.uuid(live.toString(), PREFIX + flag));
        }
        if (known == null) {
            AttemptWork.begin(context, PREFIX + flag);
            try {
                AttemptWork.mustGoOn(context);
                known = attempt.calls().alone(() -> first(context, flag, other, address)); // one of parallel branches
            } finally {
                attempt.done();
            }
        }
        CallRecord record = known;
        return Recorded.tree(String.valueOf(record.result()), () -> "call %d of task %s: the recorded flag"
                .formatted(record.n(), record.taskId()));
    }

    private CallRecord first(TaskContext context, String flag, @Nullable JsonNode other, UUID address) {
        Attempt attempt = context.attempt();
        CallRecord known = attempt.recorded(address);
        if (known != null) {
            return known;
        }
        Instant began = clock.instant();
        String result = result(flag, resolution(context, flag), other);
        CallRecord record = new CallRecord(
                attempt.task().id(),
                address,
                attempt.number(address),
                PREFIX + flag,
                CallState.SUCCEEDED,
                1,
                attempt.lease().token(),
                0,
                null,
                "{}",
                result,
                null,
                began,
                clock.instant(),
                null,
                null);
        journal.read(attempt, record);
        return record;
    }

    private Resolution resolution(TaskContext context, String flag) {
        String missing = flags.missing();
        if (missing != null) { // the file will be mended: that costs no attempt
            context.attempt()
                    .waitFor(new AttemptEnd.Waiting(
                            WaitReason.DELAY,
                            UNTIL_THE_FLAGS_ARE_HERE,
                            Json.write(Map.of("tool", PREFIX + flag, "message", missing))));
            throw new AttemptOverException(context.attempt().lease(), missing);
        }
        ClaimedTask task = context.attempt().task();
        return flags.resolve(flag, task.key() == null ? task.id().toString() : task.key(), attributes(task));
    }

    private String result(String flag, Resolution found, @Nullable JsonNode other) {
        JsonNode value = found.value() == null ? other : found.value();
        if (value == null) {
            throw new FlagUnknownException(flag, found.problem() == null ? "it is " + found.reason() : found.problem());
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.set("value", value);
        String variant = found.value() == null ? null : found.variant();
        result.put("variant", variant).put("reason", found.reason());
        if (found.problem() != null) {
            result.put("problem", Excerpt.of(found.problem(), LONGEST_TEXT));
        }
        listeners.each(listener -> listener.flagged(flag, variant == null ? "" : variant, found.reason()));
        return Json.write(result);
    }

    /** The plain members of the input, and who and what the task is: these names are not taken from the input. */
    private static Map<String, JsonNode> attributes(ClaimedTask task) {
        Map<String, JsonNode> attributes = new HashMap<>();
        try {
            for (Map.Entry<String, JsonNode> member : Json.parse(task.input()).properties()) {
                JsonNode value = member.getValue();
                if (attributes.size() < MOST_ATTRIBUTES
                        && value.isValueNode()
                        && !value.isNull()
                        && value.asText().length() <= LONGEST_TEXT) {
                    attributes.put(member.getKey(), value);
                }
            }
        } catch (JsonProcessingException e) {
            attributes.clear(); // an input of an earlier release: the flag is asked without it
        }
        attributes.keySet().removeIf(name -> name.startsWith("$") || name.equals("targetingKey"));
        text(attributes, "workflow", task.workflow());
        text(attributes, "user", task.submittedBy());
        text(attributes, "task", task.id().toString());
        text(attributes, "root", Family.of(task).root().toString());
        return attributes;
    }

    private static void text(Map<String, JsonNode> attributes, String name, @Nullable String value) {
        attributes.remove(name);
        if (value != null) {
            attributes.put(name, JsonNodeFactory.instance.textNode(value));
        }
    }
}
