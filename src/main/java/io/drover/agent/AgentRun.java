package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.agent.AgentStoppedException.Reason;
import io.drover.guard.CaughtFailures;
import io.drover.guard.FailedStep;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.journal.CallRecord;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.tool.ToolSpec;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One agent at work on one input: what the journal knows its questions by. A run is known by the name of the agent, its
 * input, and its occurrence number among equal ones, and a question by its run and its turn. So a recorded turn is found
 * again whatever has become of the agent's definition, and another input is another run.
 */
final class AgentRun {

    private static final String STOPPED = "stoppedAgent";
    private static final String MESSAGE = "message";
    private static final String CALLS = "calls";

    private final TaskContext context;
    private final AgentSpec spec;
    private final String family;
    private final String input;
    private final int number;
    private final UUID address;
    private final String branch;
    private final String definition;
    private final EarlierRelease earlier;
    private final Queue<UUID> unheard = new ConcurrentLinkedQueue<>();

    private AgentRun(TaskContext context, AgentSpec spec, String input, String branch) {
        this.context = context;
        this.spec = spec;
        this.family = "agent:" + spec.name();
        this.input = digest(canonical(input));
        this.branch = branch;
        this.definition = definition(spec);
        this.earlier = new EarlierRelease(context, spec.name(), branch);
        Map<Integer, JsonNode> known = recorded();
        this.number = context.scope().take(family, this.input, preferred(known), known.keySet());
        UUID mirrored = mirrored();
        this.address = mirrored == null ? context.scope().address(family, this.input, number) : mirrored;
    }

    /** Of a shadow: the run of its live task, if the same definition was at work there. Another one asks its model itself. */
    private @Nullable UUID mirrored() {
        UUID run = context.attempt().mirrored(context.scope().caller(), family, input, number);
        CallRecord first = run == null ? null : context.attempt().peek(address(run, 1));
        JsonNode asked = first == null ? null : RecordedCalls.arguments(first);
        return asked != null
                        && asked.path(Asked.DECLARED).asText().equals(definition)
                        && asked.path(Asked.BRANCH).asText().equals(branch)
                ? run
                : null;
    }

    /** @param branch which part of a split or multicast it works in, or empty: equal agents in parallel find their own turns again */
    static AgentRun begin(TaskContext context, AgentSpec spec, String input, String branch) {
        AgentRun run = new AgentRun(context, spec, input, branch);
        CallRecord known;
        for (int turn = 2; (known = run.answered(turn)) != null; turn++) {
            for (JsonNode heard : Asked.heard(known)) {
                UUID call = Heard.call(heard);
                if (call != null) {
                    RecordedCalls.take(context, call);
                }
            }
        }
        return run;
    }

    /** The recorded runs of this agent on this input, by number: what is recorded of their first questions. */
    private Map<Integer, JsonNode> recorded() {
        Map<Integer, JsonNode> known = new TreeMap<>();
        context.attempt()
                .recordedOf(ToolSpec.MODEL)
                .filter(call -> call.arguments().contains(input))
                .forEach(call -> {
                    JsonNode asked = RecordedCalls.arguments(call);
                    int run = asked.path(Asked.RUN).asInt();
                    UUID first = address(context.scope().address(family, input, run), 1);
                    if (call.address().equals(first)) {
                        known.put(run, asked);
                    }
                });
        return known;
    }

    /** First the runs of the same branch, current definition first; then those of other branches. */
    private List<Integer> preferred(Map<Integer, JsonNode> known) {
        record Rank(int run, boolean branch, boolean definition) {}
        return known.entrySet().stream()
                .map(run -> new Rank(
                        run.getKey(),
                        run.getValue().path(Asked.BRANCH).asText().equals(branch),
                        run.getValue().path(Asked.DECLARED).asText().equals(definition)))
                .filter(run -> run.branch || run.definition)
                .sorted(Comparator.comparing((Rank run) -> !run.branch)
                        .thenComparing(run -> !run.definition)
                        .thenComparing(run -> run.run))
                .map(Rank::run)
                .toList();
    }

    /** The agent's definition without its limits. It tells equal agents apart, and is part of no address. */
    private static String definition(AgentSpec spec) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("model", spec.model());
        said.put("system", spec.system());
        said.put("tools", spec.tools());
        said.put("temperature", spec.temperature());
        said.put(
                "output",
                spec.outputSchema() == null ? null : spec.outputSchema().schema());
        return digest(Json.write(said));
    }

    private static String digest(String text) {
        return Digest.uuid(text).toString();
    }

    /** Whether what an agent was asked to work on, of which this is the digest, is this document. */
    static boolean isInput(String digest, String document) {
        return digest(canonical(document)).equals(digest);
    }

    private static String canonical(String input) {
        try {
            return Json.canonical(Json.parse(input));
        } catch (JsonProcessingException e) {
            return input; // it is plain text
        }
    }

    private static UUID address(UUID run, int turn) {
        return Digest.uuid(run.toString(), "turn", Integer.toString(turn));
    }

    /** The identity of a turn's question. */
    UUID address(int turn) {
        return address(address, turn);
    }

    /** The identity under which the previous release may have recorded it. */
    EarlierRelease earlier() {
        return earlier;
    }

    /** The record of a turn's answer, or null when there is none yet. */
    @Nullable
    CallRecord answered(int turn) {
        return RecordedCalls.finished(context, address(turn));
    }

    /** What models answered to the questions of this run that a person had forgotten. It was paid for. */
    List<CallRecord> forgotten() {
        return context.attempt()
                .forgotten()
                .filter(call ->
                        call.tool().startsWith(ToolSpec.MODEL) && call.fallback() == null && call.result() != null)
                .filter(call -> call.arguments().contains(input))
                .filter(call -> {
                    JsonNode asked = RecordedCalls.arguments(call);
                    return asked.path(Asked.RUN).asInt() == number && earlier.isOfAgent(asked);
                })
                .toList();
    }

    /** The record of the latest answer to a question that says with which definition it was asked; null where none does. */
    @Nullable
    CallRecord latestPinned() {
        CallRecord latest = null;
        CallRecord known;
        for (int turn = 1; (known = answered(turn)) != null; turn++) {
            latest = Asked.pinned(known) == null ? latest : known;
        }
        return latest;
    }

    /**
     * The record of a question, besides its address.
     *
     * @param pinned the digest of the definition that it is asked with
     */
    JsonNode arguments(int turn, String conversation, UUID pinned, @Nullable String memory, List<Heard> heard) {
        ObjectNode arguments = earlier.arguments(turn, conversation);
        arguments.put(Asked.PINNED, pinned.toString());
        arguments.put(Asked.INPUT, input).put(Asked.RUN, number);
        arguments.put(Asked.BRANCH, branch).put(Asked.DECLARED, definition);
        if (memory != null && Json.problem(TextNode.valueOf(memory)) == null) {
            arguments.put(Asked.MEMORY, memory);
        }
        if (!heard.isEmpty()) {
            ArrayNode all = arguments.putArray(Asked.HEARD);
            heard.forEach(one -> all.add(one.recorded()));
        }
        return arguments;
    }

    /** How the run ended before, where its route has caught that and gone on: limits that are others now do not count. */
    @Nullable
    AgentStoppedException stopped() {
        JsonNode heard = CaughtFailures.heard(context.attempt(), address);
        if (heard == null) {
            return null;
        }
        heard.path(CALLS).forEach(call -> {
            UUID made = UUID.fromString(call.asText());
            RecordedCalls.take(context, made);
            unheard.add(made);
        });
        return new AgentStoppedException(
                Reason.valueOf(heard.path(STOPPED).asText()),
                heard.path(MESSAGE).asText());
    }

    /** The run as a step that failed. */
    FailedStep failed(AgentStoppedException stopped) {
        String message = String.valueOf(stopped.getMessage());
        ObjectNode heard = JsonNodeFactory.instance
                .objectNode()
                .put(STOPPED, stopped.reason().name())
                .put(MESSAGE, message);
        ArrayNode made = heard.putArray(CALLS);
        unheard.forEach(call -> made.add(call.toString()));
        boolean open = context.attempt().recorded(address) == null;
        String arguments = Json.write(Map.of("agent", spec.name(), "input", input));
        return FailedStep.refused(family, address, null, arguments, message, heard, open);
    }

    /** Notes a call whose result the model has not been told yet. */
    void made(UUID call) {
        unheard.add(call);
    }

    /** The model has answered, so it has been told about all calls so far. */
    void allHeard() {
        unheard.clear();
    }

    /** The run has not ended: if it is begun again, it continues where it stopped, and makes no call twice. */
    void giveBack() {
        unheard.forEach(call -> RecordedCalls.giveBack(context, call));
        unheard.clear();
        context.scope().giveBack(address, family, input);
    }
}
