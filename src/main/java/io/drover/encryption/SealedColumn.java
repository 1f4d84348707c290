package io.drover.encryption;

import java.util.Set;

/** What the database holds sealed where encryption is on: its payloads. */
public enum SealedColumn {
    TASK_INPUT("task.input", Set.of("task.output", "task.error", "call.arguments", "approval.summary"), Set.of()),
    /** A callback has that of the task that it tells of. */
    TASK_ADDRESS_KEY("task.address_key", Set.of("task.address_key"), Set.of()),
    TASK_OUTPUT("task.output", Set.of(), Set.of()),
    TASK_ERROR("task.error", Set.of(), Members.OF_ERRORS),
    CALL_ARGUMENTS("call.arguments", Set.of(), Set.of()),
    /** Of a question to a model: by the digest of its definition it is known which definitions are still used. */
    MODEL_ARGUMENTS("call.arguments", Set.of(), Set.of("pinned")),
    CALL_RESULT("call.result", Set.of("task.output", "signal.body"), Set.of()),
    /** Of a model: costs are added up by the database. */
    MODEL_RESULT("call.result", Set.of(), Set.of("usd", "usage")),
    CALL_ERROR("call.error", Set.of("task.error"), Members.OF_ERRORS),
    ATTEMPT_ERROR("attempt.error", Set.of("task.error"), Members.OF_ERRORS),
    LATE_RESULT("late_result.result", Set.of(), Set.of()),
    PREVIEW_ASKS("preview.asks", Set.of(), Set.of()),
    SIGNAL_BODY("signal.body", Set.of(), Set.of()),
    DEFINITION("agent_definition.body", Set.of(), Set.of()),
    APPROVAL_SUMMARY("approval.summary", Set.of(), Set.of()),
    VOTE_REASON("vote.reason", Set.of(), Set.of()),
    MEMORY_FACT("memory.fact", Set.of(), Set.of()),
    MEMORY_EMBEDDING("memory.sealed_embedding", Set.of(), Set.of()),
    SET_ASIDE_KEY("set_aside.key", Set.of(), Set.of()),
    SET_ASIDE_PAYLOAD("set_aside.payload", Set.of(), Set.of()),
    SET_ASIDE_HEADERS("set_aside.headers", Set.of(), Set.of()),
    SET_ASIDE_REASON("set_aside.reason", Set.of(), Set.of()),
    SET_ASIDE_REFUSAL("set_aside.refusal", Set.of(), Set.of()),
    AUDIT_DETAIL("audit.detail", Set.of(), Set.of());

    private static final class Members {

        /** What statements look at, and names of tools, tasks and people. */
        static final Set<String> OF_ERRORS = Set.of("type", "tool", "hold", "effect", "approval", "by", "task");
    }

    private final String column;
    private final Set<String> origins;
    private final Set<String> clear;

    SealedColumn(String column, Set<String> origins, Set<String> clear) {
        this.column = column;
        this.origins = origins;
        this.clear = clear;
    }

    /** The arguments of a call of this tool. */
    public static SealedColumn argumentsOf(String tool) {
        return isModel(tool) ? MODEL_ARGUMENTS : CALL_ARGUMENTS;
    }

    /** The result of a call of this tool. */
    public static SealedColumn resultOf(String tool) {
        return isModel(tool) ? MODEL_RESULT : CALL_RESULT;
    }

    private static boolean isModel(String tool) {
        return tool.startsWith("model.");
    }

    /** Table and column, as in {@code task.input}. */
    public String column() {
        return column;
    }

    /** From which other columns the database copies values into this one. */
    boolean takesFrom(String other) {
        return origins.contains(other);
    }

    /** The members of a document in it that are not sealed. */
    Set<String> clear() {
        return clear;
    }
}
