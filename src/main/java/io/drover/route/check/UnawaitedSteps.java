package io.drover.route.check;

import static java.util.Map.entry;

import java.util.Map;

/** Steps that are refused whatever their options are. */
final class UnawaitedSteps {

    /** By a step's name in YAML, what it does and what to write instead. */
    static final Map<String, String> WHY = Map.ofEntries(
            entry(
                    "aggregate",
                    "keeps messages in memory, and each counts as done before its group is done; "
                            + "collect the parts of one message by split with an aggregationStrategy, "
                            + "or submit a task for each message"),
            entry(
                    "wireTap",
                    "sends on another thread, and nothing waits for it; write to, or multicast with parallelProcessing"),
            entry(
                    "threads",
                    "continues in another thread while the message counts as done; leave it out, or write split or "
                            + "multicast with parallelProcessing"),
            entry(
                    "resequence",
                    "keeps messages in memory, and each counts as done before it is sent on; "
                            + "leave it out: records of one partition stay in order"),
            entry("sample", "drops messages by the clock; write filter with a condition on the message"),
            entry(
                    "saga",
                    "compensates on another thread, and nothing waits for it; "
                            + "write doTry, and call the tool that compensates in doCatch"),
            entry(
                    "idempotentConsumer",
                    "skips work that a failed attempt began; leave it out: the journal makes a call once, "
                            + "and a task is submitted once by its key (to: task:<workflow> with the parameter key)"),
            entry(
                    "onCompletion",
                    "runs when the message counts as done, and its failure is lost; write its steps at the end of the "
                            + "route, or into doFinally"),
            entry(
                    "onException",
                    "repeats or hides failures; write doTry with doCatch around the steps that may fail, "
                            + "retries at the tool or maxAttempts at the workflow"),
            entry(
                    "pausable",
                    "suspends a consumer and skips messages; leave it out: a trigger pauses while the backlog is full"),
            entry(
                    "resumable",
                    "keeps its own offsets, which say nothing about the tasks; "
                            + "leave it out: an offset is committed when the tasks of its record are durable"),
            entry(
                    "transacted",
                    "rolls back what Drover records in the same transaction; "
                            + "write the changes as one statement of sql, such as a call of a function"),
            entry(
                    "kamelet",
                    "shares its steps with other uses of the same kamelet; write to with kamelet:<name>, and the steps "
                            + "behind it"),
            entry(
                    "policy",
                    "hands its steps to code that may repeat them, leave them out or let them go on by themselves; "
                            + "write the steps without it: a tool has retries, throttle and a circuit breaker"),
            entry(
                    "intercept",
                    "runs its steps before every other step, also before those that guard a tool; "
                            + "write its steps into the route, where they are to run"),
            entry(
                    "interceptFrom",
                    "runs its steps before a message is guarded, and may drop it; "
                            + "write its steps at the beginning of the route"),
            entry(
                    "interceptSendToEndpoint",
                    "changes the messages of all other routes; write its steps into the routes that send"));

    private UnawaitedSteps() {}
}
