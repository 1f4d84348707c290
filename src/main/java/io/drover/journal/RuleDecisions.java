package io.drover.journal;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What rules decided about calls that were not simply made: kept in the audit trail, once for each call and rule. */
public interface RuleDecisions {

    /**
     * A decision.
     *
     * @param call      the call's address
     * @param word      forbid or ask
     * @param rule      its id and its digest
     * @param reason    in words
     * @param arguments their digest
     */
    record Decision(UUID task, UUID call, String tool, String word, String rule, String reason, UUID arguments) {}

    /** Completes when the decision is durable. */
    CompletableFuture<Void> keep(Decision decision);
}
