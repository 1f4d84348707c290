package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.drover.journal.Mode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Schema;
import io.drover.kit.TestCase.Answer;
import io.drover.kit.TestCase.Call;
import io.drover.kit.TestCase.Expected;
import io.drover.kit.TestCase.Line;
import io.drover.kit.TestCase.Sent;
import io.drover.kit.TestCase.Vote;
import io.drover.route.check.EditorSchema;
import io.drover.route.check.ForeignYaml;
import io.drover.route.check.Problem;
import io.drover.start.FilesBelow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * A test file, read and checked.
 *
 * @param path     where it is
 * @param name     relative to the directory of the routes
 * @param problems what is wrong with it; then it has no cases
 */
record TestFile(Path path, String name, List<TestCase> cases, List<Problem> problems) {

    private static final long LONGEST = 4L << 20;
    private static final Instant USUAL_START = Instant.parse("2026-01-05T09:00:00Z");
    private static final String USUAL_VOTER = "a-person";

    /** The test files below a directory, in the order of their names. */
    static List<TestFile> below(Path directory) throws IOException {
        List<TestFile> files = new ArrayList<>();
        for (Path path : FilesBelow.of(directory)) {
            if (path.getFileName().toString().endsWith(EditorSchema.TEST_SUFFIX)) {
                files.add(read(directory, path));
            }
        }
        return files;
    }

    static TestFile read(Path directory, Path path) throws IOException {
        String name = directory.relativize(path).toString().replace('\\', '/');
        if (Files.size(path) > LONGEST) {
            return failed(path, name, 1, "it is longer than 4 MiB; split it into several files");
        }
        ForeignYaml.Located document;
        try {
            document = ForeignYaml.located(Files.readString(path));
        } catch (IllegalArgumentException e) {
            return failed(path, name, 1, "not YAML: " + e.getMessage());
        }
        return new Reader(path, name, document).read();
    }

    private static TestFile failed(Path path, String name, int line, String message) {
        return new TestFile(path, name, List.of(), List.of(new Problem(name, line, message)));
    }

    /** Reads one document, whose form the schema has checked. */
    private static final class Reader {

        private static final Pattern UNKNOWN = Pattern.compile("property '([^']+)' is not defined");
        private static final Schema FORM =
                Schema.ofSchema(Json.write(EditorSchema.ofTests().schema()));

        private final Path path;
        private final String name;
        private final ForeignYaml.Located document;
        private final List<Problem> problems = new ArrayList<>();

        Reader(Path path, String name, ForeignYaml.Located document) {
            this.path = path;
            this.name = name;
            this.document = document;
        }

        TestFile read() {
            JsonNode root = document.json();
            for (String problem : FORM.problems(root)) {
                problems.add(new Problem(name, document.line(pointer(problem)), problem));
            }
            if (!problems.isEmpty()) {
                return new TestFile(path, name, List.of(), problems);
            }
            Map<String, List<Answer>> forAll = answers("/tools");
            List<TestCase> cases = new ArrayList<>();
            Map<String, Integer> names = new HashMap<>();
            for (int i = 0; i < root.path("cases").size(); i++) {
                String at = "/cases/" + i;
                String called = root.at(at).path("name").asText();
                Integer before = names.putIfAbsent(called, document.line(at));
                if (before != null) {
                    problem(at + "/name", "the name '%s' is that of the case in line %d".formatted(called, before));
                }
                cases.add(testCase(at, root, forAll));
            }
            return new TestFile(path, name, problems.isEmpty() ? cases : List.of(), problems);
        }

        /** From the path with which the message begins, as in {@code $.cases[0].name: ...}. */
        private static String pointer(String problem) {
            int end = problem.indexOf(": ");
            if (!problem.startsWith("$") || end < 0) {
                return "";
            }
            String place =
                    problem.substring(1, end).replace("[", "/").replace("]", "").replace('.', '/');
            Matcher unknown = UNKNOWN.matcher(problem);
            return unknown.find() ? place + "/" + unknown.group(1) : place;
        }

        private TestCase testCase(String at, JsonNode root, Map<String, List<Answer>> forAll) {
            JsonNode all = root.at(at);
            String workflow = all.path("workflow").asText(root.path("workflow").asText());
            if (workflow.isEmpty()) {
                problem(at, "workflow is missing: name it here, or once for all cases at the top of the file");
            }
            JsonNode version = all.has("version") ? all.path("version") : root.path("version");
            Map<String, List<Answer>> tools = answers(at + "/tools");
            forAll.forEach((tool, answers) -> tools.merge(tool, answers, (own, common) -> {
                List<Answer> both = new ArrayList<>(own);
                both.addAll(common);
                return both;
            }));
            return new TestCase(
                    all.path("name").asText(),
                    document.line(at),
                    workflow,
                    version.isNumber() ? version.intValue() : null,
                    text(all, "key"),
                    all.path("mode").asText("live").equals("dry-run") ? Mode.DRY_RUN : Mode.LIVE,
                    text(all, "submittedBy"),
                    all.has("input") ? all.path("input") : JsonNodeFactory.instance.objectNode(),
                    instant(at, all),
                    tools,
                    agents(at + "/agents"),
                    people(at + "/people"),
                    signals(at + "/signals"),
                    all.has("crash"),
                    expected(all.path("expect")));
        }

        private Map<String, List<Answer>> answers(String at) {
            Map<String, List<Answer>> answers = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> tool : document.json().at(at).properties()) {
                List<Answer> all = new ArrayList<>();
                List<JsonNode> written = tool.getValue().isArray() ? list(tool.getValue()) : List.of(tool.getValue());
                for (JsonNode one : written) {
                    all.add(new Answer(
                            one.get("when"),
                            one.path("times").asInt(Integer.MAX_VALUE),
                            one.path("result").isMissingNode() ? NullNode.getInstance() : one.path("result"),
                            fault(at + "/" + tool.getKey(), one),
                            one.path("run").asBoolean()));
                }
                answers.put(tool.getKey(), all);
            }
            return answers;
        }

        private Map<String, List<Line>> agents(String at) {
            Map<String, List<Line>> agents = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> agent : document.json().at(at).properties()) {
                List<Line> lines = new ArrayList<>();
                for (JsonNode one : agent.getValue()) {
                    String text = one.has("json") ? Json.write(one.path("json")) : text(one, "text");
                    lines.add(new Line(
                            text,
                            calls(one.path("calls")),
                            one.at("/usage/in").asLong(1),
                            one.at("/usage/out").asLong(1),
                            fault(at + "/" + agent.getKey(), one)));
                }
                agents.put(agent.getKey(), lines);
            }
            return agents;
        }

        /** Each is the name of a tool, or a mapping of the name to the arguments. */
        private static List<Call> calls(JsonNode written) {
            List<Call> calls = new ArrayList<>();
            for (JsonNode one : written) {
                if (one.isTextual()) {
                    calls.add(new Call(one.asText(), null));
                } else {
                    one.properties().forEach(call -> calls.add(new Call(call.getKey(), call.getValue())));
                }
            }
            return calls;
        }

        private Map<String, Vote> people(String at) {
            Map<String, Vote> votes = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> tool : document.json().at(at).properties()) {
                JsonNode one = tool.getValue();
                String vote = one.isTextual() ? one.asText() : one.path("vote").asText();
                votes.put(
                        tool.getKey(),
                        new Vote(
                                vote.equals("ignore") ? null : vote.equals("approve"),
                                one.path("by").asText(USUAL_VOTER),
                                text(one, "reason"),
                                time(at + "/" + tool.getKey() + "/after", one.path("after"))));
            }
            return votes;
        }

        private List<Sent> signals(String at) {
            List<Sent> signals = new ArrayList<>();
            JsonNode written = document.json().at(at);
            for (int i = 0; i < written.size(); i++) {
                JsonNode one = written.get(i);
                signals.add(new Sent(
                        one.path("name").asText(),
                        one.path("key").asText(),
                        one.has("body") ? one.path("body") : NullNode.getInstance(),
                        time("%s/%d/after".formatted(at, i), one.path("after"))));
            }
            return signals;
        }

        private static Expected expected(JsonNode all) {
            Map<String, Integer> number = new LinkedHashMap<>();
            all.path("number")
                    .properties()
                    .forEach(tool -> number.put(tool.getKey(), tool.getValue().asInt()));
            String waits = text(all, "waits");
            String error = text(all, "error");
            String usual = waits == null && error == null ? "completed" : null;
            String outcome = all.has("outcome") ? text(all, "outcome") : usual;
            return new Expected(
                    outcome == null ? null : outcome.toUpperCase(Locale.ROOT),
                    waits,
                    all.get("output"),
                    error,
                    calls(all.path("calls")),
                    list(all.path("never")).stream().map(JsonNode::asText).toList(),
                    number,
                    all.has("maxCostUsd") ? all.path("maxCostUsd").decimalValue() : null);
        }

        private @Nullable Fault fault(String at, JsonNode one) {
            String word = text(one, "fault");
            Fault fault = word == null ? null : Fault.of(word);
            if (word != null && fault == null) {
                problem(
                        at,
                        "fault '%s': it must be an HTTP status from 300 to 599, or one of %s"
                                .formatted(Excerpt.of(word), String.join(", ", Fault.words())));
            }
            return fault;
        }

        private Instant instant(String at, JsonNode all) {
            String now = text(all, "now");
            try {
                return now == null ? USUAL_START : Instant.parse(now);
            } catch (DateTimeException e) {
                problem(
                        at + "/now",
                        "now '%s': it must be an instant, as in 2026-01-05T09:00:00Z".formatted(Excerpt.of(now)));
                return USUAL_START;
            }
        }

        private Duration time(String at, JsonNode written) {
            try {
                return written.isMissingNode() ? Duration.ZERO : DurationStyle.detectAndParse(written.asText());
            } catch (IllegalArgumentException | ArithmeticException e) {
                problem(at, "after '%s': it must be a time, as in 90s or 2h".formatted(Excerpt.of(written.asText())));
                return Duration.ZERO;
            }
        }

        private static List<JsonNode> list(JsonNode array) {
            List<JsonNode> list = new ArrayList<>();
            array.forEach(list::add);
            return list;
        }

        /** A number or a truth may be written where a text is meant. */
        private static @Nullable String text(JsonNode node, String member) {
            JsonNode value = node.path(member);
            return value.isMissingNode() || value.isNull() ? null : value.asText();
        }

        private void problem(String at, String message) {
            problems.add(new Problem(name, document.line(at), message));
        }
    }
}
