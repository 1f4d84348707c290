package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.RecordedCalls;
import io.drover.journal.CallRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is recorded of a question, besides its address and its answer. */
final class Asked {

    static final String INPUT = "input";
    static final String RUN = "run";
    static final String BRANCH = "branch";
    static final String DECLARED = "definition";
    static final String PINNED = "pinned";
    static final String MEMORY = "memory";
    static final String HEARD = "heard";

    private Asked() {}

    /** What the model had been told about its calls when it was asked. */
    static JsonNode heard(CallRecord question) {
        return RecordedCalls.arguments(question).path(HEARD);
    }

    /** The key of the agent's long memory then. */
    static @Nullable String memory(CallRecord question) {
        return RecordedCalls.arguments(question).path(MEMORY).textValue();
    }

    /** The digest of the definition that it was asked with; null where an earlier release asked. */
    static @Nullable UUID pinned(CallRecord question) {
        String digest = RecordedCalls.arguments(question).path(PINNED).textValue();
        return digest == null ? null : UUID.fromString(digest);
    }
}
