package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.drover.agent.Transcript.Turn;
import io.drover.agent.Transcript.Wanted;
import io.drover.guard.RecordedCalls;
import io.drover.journal.AgentDefinitions;
import io.drover.journal.CallRecord;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.tool.ToolSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts the conversations of agents together again, for people. */
@Component
public class Transcripts {

    private final AgentDefinitions definitions;

    Transcripts(AgentDefinitions definitions) {
        this.definitions = definitions;
    }

    /** What tells the conversations of a task apart. */
    private record Run(String agent, String input, int number, String branch) {

        static Run of(JsonNode asked) {
            return new Run(
                    asked.path("agent").asText(),
                    asked.path(Asked.INPUT).asText(),
                    asked.path(Asked.RUN).asInt(),
                    asked.path(Asked.BRANCH).asText());
        }
    }

    /**
     * The conversations of a task, in the order in which they began. Those of a release that did not record them so are left out.
     *
     * @param input of the task, a JSON document
     * @param calls all calls of the task, in their order
     */
    public List<Transcript> of(String input, List<CallRecord> calls) {
        Map<Run, List<CallRecord>> runs = new LinkedHashMap<>();
        for (CallRecord call : calls) {
            if (call.tool().startsWith(ToolSpec.MODEL) && Asked.pinned(call) != null) {
                runs.computeIfAbsent(Run.of(RecordedCalls.arguments(call)), run -> new ArrayList<>())
                        .add(call);
            }
        }
        Map<UUID, CallRecord> byAddress =
                calls.stream().collect(Collectors.toMap(CallRecord::address, Function.identity(), (one, same) -> one));
        List<Transcript> all = new ArrayList<>();
        runs.forEach((run, asked) -> all.add(transcript(run, asked, input, calls, byAddress)));
        return all;
    }

    private Transcript transcript(
            Run run, List<CallRecord> asked, String input, List<CallRecord> calls, Map<UUID, CallRecord> byAddress) {
        CallRecord last = asked.getLast();
        JsonNode definition = definition(last);
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            CallRecord next = i + 1 < asked.size() ? asked.get(i + 1) : null;
            turns.add(turn(asked.get(i), next, calls, byAddress));
        }
        return new Transcript(
                run.agent(),
                run.number(),
                last.tool().substring(ToolSpec.MODEL.length()),
                definition.path("system").textValue(),
                StreamSupport.stream(definition.path("tools").spliterator(), false)
                        .map(tool -> tool.path("name").asText())
                        .toList(),
                AgentRun.isInput(run.input(), input) ? input : null,
                turns);
    }

    private JsonNode definition(CallRecord asked) {
        UUID digest = Asked.pinned(asked);
        String body = digest == null ? null : definitions.find(digest).join();
        return body == null
                ? MissingNode.getInstance()
                : Recorded.tree(body, () -> "the recorded definition of an agent");
    }

    private static Turn turn(
            CallRecord asked, @Nullable CallRecord next, List<CallRecord> calls, Map<UUID, CallRecord> byAddress) {
        JsonNode answer = asked.result() == null
                ? MissingNode.getInstance()
                : Recorded.tree(asked.result(), () -> "the recorded answer of a model");
        JsonNode heard = next == null ? MissingNode.getInstance() : Asked.heard(next);
        List<Wanted> wanted = new ArrayList<>();
        Set<UUID> taken = new HashSet<>();
        for (int i = 0; i < answer.path("calls").size(); i++) {
            JsonNode call = answer.path("calls").path(i);
            String tool = call.path("tool").asText();
            String arguments = call.path("arguments").asText();
            CallRecord made = null;
            String told = null;
            if (heard.has(i)) {
                UUID address = Heard.call(heard.path(i));
                made = address == null ? null : byAddress.get(address);
                told = Heard.text(heard.path(i));
            } else if (next == null) {
                made = underWay(asked, tool, arguments, calls, taken);
            }
            if (made != null) {
                taken.add(made.address());
            }
            wanted.add(new Wanted(tool, arguments, made, told));
        }
        return new Turn(
                asked,
                answer.path("text").textValue(),
                wanted,
                answer.at("/usage/in").asLong(),
                answer.at("/usage/out").asLong(),
                answer.path("usd").decimalValue());
    }

    /** The model has not been told about it yet, so only what was asked for says which one it is. */
    private static @Nullable CallRecord underWay(
            CallRecord asked, String tool, String arguments, List<CallRecord> calls, Set<UUID> taken) {
        String wanted = canonical(arguments);
        return calls.stream()
                .filter(call -> call.n() > asked.n()
                        && call.tool().equals(tool)
                        && !taken.contains(call.address())
                        && canonical(call.arguments()).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    private static String canonical(String arguments) {
        try {
            return Json.canonical(Json.parse(arguments));
        } catch (JsonProcessingException e) {
            return arguments; // a model writes what it likes
        }
    }
}
