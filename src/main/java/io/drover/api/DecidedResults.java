package io.drover.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.drover.journal.ResultSamples;
import io.drover.json.Recorded;
import io.drover.json.Schema;
import io.drover.json.Shape;
import io.drover.tool.ResultSchemas;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Compares the result that a person gives for a call with what its tool declares, or returned lately. */
@Component
class DecidedResults {

    private static final String ACCEPTED = "as the tool declares, or like its latest results, or 'confirmed'";

    private final ResultSamples samples;
    private final ObjectProvider<ResultSchemas> schemas;

    DecidedResults(ResultSamples samples, ObjectProvider<ResultSchemas> schemas) {
        this.samples = samples;
        this.schemas = schemas;
    }

    ResultSample sample(TaskInfo task, int n) {
        TaskInfo.Call call = call(task, n);
        if (call == null) {
            throw ProblemException.of(
                    HttpStatus.NOT_FOUND, "unknown-task", "task %s has no call %d".formatted(task.id(), n));
        }
        List<String> latest = samples.latest(call.tool(), task.id(), task.workflow());
        Schema schema = schema(call.tool());
        return new ResultSample(
                call.tool(), latest.isEmpty() ? null : latest.getFirst(), schema == null ? null : schema.schema());
    }

    private @Nullable Schema schema(String tool) {
        return schemas.stream()
                .map(all -> all.resultOf(tool))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Refuses a result that lacks what the results of the call's tool have.
     * An unknown call is not checked here.
     */
    void check(TaskInfo task, int n, @Nullable JsonNode result) {
        TaskInfo.Call call = call(task, n);
        if (call != null) {
            check(call.tool(), task.id(), task.workflow(), result);
        }
    }

    void check(String tool, @Nullable String workflow, @Nullable JsonNode result) {
        check(tool, null, workflow, result);
    }

    private void check(String tool, @Nullable UUID task, @Nullable String workflow, @Nullable JsonNode given) {
        JsonNode result = given == null ? NullNode.getInstance() : given;
        Schema schema = schema(tool);
        if (schema != null) {
            List<String> problems = schema.problems(result);
            if (!problems.isEmpty()) {
                throw refused(
                        "the result is not what tool:%s declares: %s".formatted(tool, String.join(", ", problems)),
                        problems);
            }
            return;
        }
        List<JsonNode> latest = samples.latest(tool, task, workflow).stream()
                .map(DecidedResults::recorded)
                .toList();
        if (latest.isEmpty() && isEmpty(result)) {
            throw refused(
                    "the result is empty, and no recent result of tool:%s is known to compare it with".formatted(tool),
                    List.of("is empty"));
        }
        List<String> differences = Shape.differences(latest, result);
        if (!differences.isEmpty()) {
            throw refused(
                            "the result differs from what tool:%s returned lately: %s"
                                    .formatted(tool, String.join(", ", differences)),
                            differences)
                    .with("sample", latest.getFirst());
        }
    }

    private static ProblemException refused(String problem, List<String> differences) {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST,
                "other-shape",
                problem + "; correct it, or send 'confirmed': true if the later steps can work with it",
                differences.stream()
                        .map(difference -> FieldProblem.of("$.result", null, difference, ACCEPTED))
                        .toArray(FieldProblem[]::new));
    }

    private static boolean isEmpty(JsonNode result) {
        return result.isNull()
                || result.isTextual() && result.textValue().isBlank()
                || result.isContainerNode() && result.isEmpty();
    }

    private static TaskInfo.@Nullable Call call(TaskInfo task, int n) {
        return task.calls().stream().filter(call -> call.n() == n).findFirst().orElse(null);
    }

    private static JsonNode recorded(String document) {
        return Recorded.tree(document, () -> "a recorded result");
    }
}
