package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.agent.AgentStoppedException.Reason;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.journal.CallRecord;
import io.drover.json.Json;
import io.drover.tool.ToolSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the previous release recorded the questions of an agent: by its name, the turn and a digest of the
 * conversation.
 * So a question had another address for each definition of the agent.
 * A question that was begun then is found only by that address.
 */
final class EarlierRelease {

    private static final Logger LOG = LoggerFactory.getLogger(EarlierRelease.class);
    private static final String AGENT = "agent";
    private static final String ITERATION = "iteration";

    private final TaskContext context;
    private final String agent;
    private final String branch;

    EarlierRelease(TaskContext context, String agent, String branch) {
        this.context = context;
        this.agent = agent;
        this.branch = branch;
    }

    /** Whether the recorded question is one of this agent. */
    boolean isOfAgent(JsonNode asked) {
        return asked.path(AGENT).asText().equals(agent);
    }

    /** The digest that identified a question. */
    ObjectNode arguments(int turn, String conversation) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(AGENT, agent);
        arguments.put("conversation", conversation);
        arguments.put(ITERATION, turn);
        return (ObjectNode) Json.tree(arguments);
    }

    /**
     * Refuses a question that is not recorded where the answer to another one of this turn is, which no question has
     * taken. In a branch it may be another branch's; there the log says so.
     *
     * @throws AgentStoppedException because a model that is asked again may answer, and pay, otherwise
     */
    void refuseToAskAgain(int turn) {
        if (context.attempt().recordedOf(ToolSpec.MODEL).noneMatch(call -> isUntakenAnswer(call, turn))) {
            return;
        }
        if (!branch.isEmpty()) {
            LOG.warn(
                    "task {}: agent:{} began under an earlier release, and its question {} may be asked again in branch {}",
                    context.attempt().lease().task(),
                    agent,
                    turn,
                    branch);
            return;
        }
        throw new AgentStoppedException(
                agent,
                Reason.OUTDATED,
                "it began under an earlier release, and has been edited since its question %d was answered; "
                                .formatted(turn)
                        + "put its prompt, tools and model of then back and retry the task, or submit its work as another task");
    }

    private boolean isUntakenAnswer(CallRecord call, int turn) {
        JsonNode asked = RecordedCalls.arguments(call);
        return !asked.has(Asked.RUN)
                && isOfAgent(asked)
                && asked.path(ITERATION).asInt() == turn
                && RecordedCalls.finished(context, call.address()) != null
                && RecordedCalls.isNext(context, call);
    }
}
