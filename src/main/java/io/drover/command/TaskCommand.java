package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one task. */
@Command(
        name = "task",
        mixinStandardHelpOptions = true,
        description = "Shows a task and its calls. The exit code is 1 if it is dead or cancelled.")
final class TaskCommand extends RemoteCommand {

    private static final String MOST_CHILDREN = "20";
    private static final Set<String> FAILED = Set.of("DEAD", "CANCELLED");

    @Parameters(paramLabel = "<id>", description = "The task's id.")
    private UUID id;

    @Option(names = "--follow", description = "Show what becomes of it until it ends; then show the task.")
    private boolean follow;

    @Override
    int run(Api api) throws RefusedException {
        if (follow) {
            new FollowedTask(id, this).show(api);
        }
        Answer answer = api.get("/api/tasks/" + id, Map.of());
        JsonNode task = answer.json();
        JsonNode children = StreamSupport.stream(task.path("calls").spliterator(), false)
                        .anyMatch(call -> call.path("tool").asText().startsWith("task:"))
                ? api.get("/api/tasks/%s/children".formatted(id), Map.of("limit", MOST_CHILDREN))
                        .json()
                : MissingNode.getInstance();
        show(answer, () -> {
            print(task);
            printChildren(children);
        });
        return FAILED.contains(task.path("status").asText()) ? 1 : 0;
    }

    private void print(JsonNode task) {
        for (String name : new String[] {
            "id",
            "workflow",
            "key",
            "mode",
            "status",
            "waitReason",
            "dueAt",
            "attempts",
            "submittedBy",
            "parent",
            "plan",
            "executedBy",
            "redone",
            "createdAt",
            "startedAt",
            "finishedAt",
            "costUsd",
            "error",
            "input",
            "output"
        }) {
            if (task.has(name)) {
                JsonNode value = task.get(name);
                say("%-12s %s".formatted(name, value.isValueNode() ? value.asText() : value.toString()));
            }
        }
        printAttempts(task.path("attemptHistory"));
        if (!task.path("calls").isEmpty()) {
            say("");
            Table table = new Table("CALL", "TOOL", "STATE", "TRIES", "STARTED", "ENDED", "ERROR");
            for (JsonNode call : task.path("calls")) {
                table.row(
                        call.path("n"),
                        call.path("tool"),
                        call.path("state"),
                        call.path("tries"),
                        Table.time(call.path("startedAt")),
                        Table.time(call.path("finishedAt")),
                        Table.message(call.path("error")));
            }
            table.print(out());
        }
        printPreviews(task.path("calls"));
        if (!task.path("decisions").isEmpty()) {
            say("");
            Table table = new Table("DECIDED", "BY", "WHAT", "CALL", "TOOL", "RESOLUTION", "REPLACES", "REASON");
            for (JsonNode decision : task.path("decisions")) {
                table.row(
                        Table.time(decision.path("at")),
                        decision.path("actor"),
                        decision.path("what"),
                        decision.path("call"),
                        decision.path("tool"),
                        decision.path("resolution"),
                        decision.path("replaces"),
                        decision.path("reason"));
            }
            table.print(out());
        }
    }

    /** The calls that a dry run did not make. */
    private void printPreviews(JsonNode calls) {
        Table table = new Table("NOT MADE", "TOOL", "ARGUMENTS", "ANSWERED BY", "WOULD ASK");
        boolean any = false;
        for (JsonNode call : calls) {
            if (call.has("answeredBy")) {
                any = true;
                table.row(
                        call.path("n"),
                        call.path("tool"),
                        call.path("arguments").toString(),
                        call.path("answeredBy"),
                        call.path("wouldAsk"));
            }
        }
        if (any) {
            say("");
            table.print(out());
        }
    }

    private void printChildren(JsonNode children) {
        if (children.path("tasks").isEmpty()) {
            return;
        }
        say("");
        Table table = new Table("CHILD", "WORKFLOW", "KEY", "STATUS", "ERROR");
        for (JsonNode child : children.path("tasks")) {
            table.row(
                    child.path("id"),
                    child.path("workflow"),
                    child.path("key"),
                    child.path("status"),
                    Table.message(child.path("error")));
        }
        table.print(out());
        if (children.has("next")) {
            String counts = children.path("counts").properties().stream()
                    .map(count -> count.getKey() + " " + count.getValue())
                    .collect(Collectors.joining(", "));
            say("and more (%s); GET /api/tasks/%s/children lists all".formatted(counts, id));
        }
    }

    /** One attempt that runs or has completed the task says nothing that the task does not. */
    private void printAttempts(JsonNode attempts) {
        if (attempts.size() < 2 && !attempts.path(0).has("error")) {
            return;
        }
        say("");
        Table table = new Table("ATTEMPT", "WORKER", "BEGAN", "ENDED", "ENDING", "ERROR");
        for (JsonNode attempt : attempts) {
            table.row(
                    attempt.path("n"),
                    attempt.path("worker"),
                    Table.time(attempt.path("beganAt")),
                    Table.time(attempt.path("endedAt")),
                    attempt.path("ending"),
                    Table.message(attempt.path("error")));
        }
        table.print(out());
    }
}
