package io.drover.task;

import io.drover.journal.AgentDefinitions;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Deletes the definitions of agents that no task will go on with. */
@Component
class DefinitionRetention extends Retention {

    private static final Duration KEPT = Duration.ofDays(30);

    DefinitionRetention(AgentDefinitions definitions) {
        super(
                "definition-retention",
                Duration.ofMinutes(3),
                KEPT,
                "{} definitions of agents were older than {}; those that no task refers to are deleted",
                most -> definitions.forget(KEPT, most));
    }
}
