package io.drover.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.kit.PastTask.UnreadableException;
import io.drover.route.check.WrittenYaml;
import io.drover.tool.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a test file of a task that a running Drover shows: its calls become answers, its questions to models a script, its votes and
 * signals people's. What it came to is expected; of one that died, that it completes.
 */
public final class Recording {

    private static final String NAME = "name";
    private static final String KEY = "key";
    private static final String RESULT = "result";
    private static final Pattern STATUS = Pattern.compile("HTTP ([345][0-9][0-9])\\b");

    private final Redaction redaction;
    private final Map<String, List<Object>> tools = new LinkedHashMap<>();
    private final Map<String, List<Object>> agents = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> people = new LinkedHashMap<>();
    private final List<Object> signals = new ArrayList<>();
    private final List<Object> made = new ArrayList<>();

    private Recording(Redaction redaction) {
        this.redaction = redaction;
    }

    /**
     * The text of the file.
     *
     * @param task      the answer of {@code GET /api/tasks/{id}}
     * @param children  the same of the tasks that it awaits, and of theirs
     * @param redaction of inputs, arguments, results and outputs
     * @throws UnreadableException when the caller may not see its content, or its content is gone
     */
    public static String testFile(JsonNode task, List<JsonNode> children, Redaction redaction)
            throws UnreadableException {
        PastTask.read(task); // so that what is hidden or gone is refused
        for (JsonNode child : children) {
            PastTask.read(child);
        }
        return new Recording(redaction).text(task, children);
    }

    private String text(JsonNode task, List<JsonNode> children) {
        Instant began = Instant.parse(task.path("createdAt").asText());
        task.path("calls").forEach(call -> call(call, began, true));
        children.forEach(child -> child.path("calls").forEach(call -> call(call, began, false)));
        approvals(task);
        children.forEach(this::approvals);

        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put(NAME, "as task " + task.path("id").asText());
        if (task.has(KEY)) {
            one.put(KEY, task.path(KEY).asText());
        }
        if (task.has("submittedBy")) {
            one.put("submittedBy", task.path("submittedBy").asText());
        }
        one.put("now", began.toString());
        one.put("input", value(redaction.in(task.path("input"))));
        put(one, "tools", tools);
        put(one, "agents", agents);
        put(one, "people", people);
        if (!signals.isEmpty()) {
            one.put("signals", signals);
        }
        one.put("expect", expected(task));

        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("workflow", task.path("workflow").asText());
        if (task.path("version").asInt(1) > 1) {
            file.put("version", task.path("version").asInt());
        }
        file.put("cases", List.of(one));
        return head(task) + WrittenYaml.of(file);
    }

    private static void put(Map<String, @Nullable Object> one, String name, Map<String, ?> values) {
        if (!values.isEmpty()) {
            one.put(name, values);
        }
    }

    private static String head(JsonNode task) {
        return task.path("status").asText().equals("DEAD")
                ? "# The task died, and so does this case. It passes when the task would complete.\n"
                : "# What the task did. Shorten it to what matters.\n";
    }

    private void call(JsonNode call, Instant began, boolean own) {
        String tool = call.path("tool").asText();
        if (call.path("state").asText().equals("FORGOTTEN")) {
            return;
        }
        if (tool.equals("wait:signal")) {
            signal(call, began);
        } else if (tool.startsWith(ToolSpec.MODEL)) {
            said(call);
        } else if (tool.indexOf(':') < 0 && !tool.startsWith(ToolSpec.MEMORY)) {
            answer(tool, call);
            if (own && call.path("state").asText().equals("SUCCEEDED")) {
                made.add(single(tool, value(redaction.in(call.path("arguments")))));
            }
        }
    }

    private void answer(String tool, JsonNode call) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("when", value(redaction.in(call.path("arguments"))));
        String state = call.path("state").asText();
        JsonNode result = redaction.in(call.path(RESULT));
        switch (state) {
            case "SUCCEEDED" -> {
                if (call.has("fallback")) {
                    answer.put("fault", "refused");
                    Map<String, @Nullable Object> instead = new LinkedHashMap<>();
                    instead.put(RESULT, value(result));
                    add(tools, call.path("fallback").asText(), instead);
                } else {
                    answer.put(RESULT, value(result));
                }
            }
            case "FAILED" -> answer.put("fault", fault(call));
            case "STARTED", "IN_DOUBT" -> answer.put("fault", "timeout");
            default -> {
                return; // it was not made
            }
        }
        add(tools, tool, answer);
    }

    /** The HTTP status that the error names; else no connection. */
    private static Object fault(JsonNode call) {
        Matcher status = STATUS.matcher(call.path("error").path("message").asText());
        return status.find() ? Integer.parseInt(status.group(1)) : "refused";
    }

    private static Map<String, @Nullable Object> single(String name, @Nullable Object value) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put(name, value);
        return one;
    }

    private static void add(Map<String, List<Object>> all, String name, Object one) {
        List<Object> some = all.computeIfAbsent(name, key -> new ArrayList<>());
        if (!some.contains(one)) {
            some.add(one);
        }
    }

    private void said(JsonNode call) {
        JsonNode result = call.path(RESULT);
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        if (!call.path("state").asText().equals("SUCCEEDED") || !result.isObject()) {
            line.put("fault", fault(call));
        } else {
            if (result.path("text").isTextual()) {
                line.put("text", result.path("text").asText());
            }
            List<Object> calls = new ArrayList<>();
            for (JsonNode wanted : result.path("calls")) {
                calls.add(single(wanted.path("tool").asText(), value(redaction.in(arguments(wanted)))));
            }
            if (!calls.isEmpty()) {
                line.put("calls", calls);
            }
            line.put(
                    "usage",
                    Map.of(
                            "in",
                            result.at("/usage/in").asLong(),
                            "out",
                            result.at("/usage/out").asLong()));
        }
        agents.computeIfAbsent(call.path("arguments").path("agent").asText(), agent -> new ArrayList<>())
                .add(line);
    }

    private static JsonNode arguments(JsonNode wanted) {
        try {
            return Json.parse(wanted.path("arguments").asText());
        } catch (JsonProcessingException e) {
            return wanted.path("arguments"); // what the model took for arguments
        }
    }

    private void signal(JsonNode call, Instant began) {
        JsonNode result = call.path(RESULT);
        if (!result.path("outcome").asText().equals("received")) {
            return;
        }
        Map<String, @Nullable Object> signal = new LinkedHashMap<>();
        signal.put(NAME, call.path("arguments").path(NAME).asText());
        signal.put(KEY, call.path("arguments").path(KEY).asText());
        signal.put("body", value(redaction.in(result.path("body"))));
        Duration after = Duration.between(began, Instant.parse(result.path("at").asText()));
        signal.put("after", Math.max(0, after.toMillis()) + "ms");
        signals.add(signal);
    }

    private void approvals(JsonNode task) {
        for (JsonNode approval : task.path("approvals")) {
            JsonNode last = approval.path("votes").path(approval.path("votes").size() - 1);
            Map<String, @Nullable Object> vote = new LinkedHashMap<>();
            vote.put(
                    "vote",
                    last.isMissingNode() ? "ignore" : last.path("approves").asBoolean() ? "approve" : "reject");
            if (last.path("reason").isTextual()) {
                vote.put("reason", last.path("reason").asText());
            }
            people.put(approval.path("tool").asText(), vote);
        }
    }

    private Map<String, @Nullable Object> expected(JsonNode task) {
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        String status = task.path("status").asText();
        switch (status) {
            case "WAITING", "RUNNING", "QUEUED" -> {
                expected.put("outcome", "waiting");
                if (task.has("waitReason")) {
                    expected.put("waits", task.path("waitReason").asText());
                }
            }
            default -> expected.put("outcome", "completed");
        }
        if (status.equals("COMPLETED")) {
            expected.put("output", value(redaction.in(task.path("output"))));
            if (!made.isEmpty()) {
                expected.put("calls", made);
            }
        }
        return expected;
    }

    private static @Nullable Object value(JsonNode node) {
        return Json.value(node.isMissingNode() ? NullNode.getInstance() : node);
    }
}
