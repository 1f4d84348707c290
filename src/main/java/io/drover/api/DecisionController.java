package io.drover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskDecisions.Decision;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.journal.TaskDecisions.Verdict;
import io.drover.json.Json;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A person's decisions about a task; each is audited. The answer is the task after the decision. */
@RestController
@Tag(name = "decisions")
@ApiResponse(responseCode = "200")
@ApiResponse(responseCode = "404", description = "The task or call does not exist.")
@ApiResponse(responseCode = "409", description = "The decision does not fit the state of the task or the call.")
public class DecisionController {

    private static final String ACCEPTED = "happened, again or fail";

    /** A decision about a call. */
    @Schema(name = "Resolve", description = "A person's decision about a call whose outcome is unknown.")
    public record Resolve(
            @Schema(
                            allowableValues = {"happened", "again", "fail"},
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    @Nullable
                    String resolution,
            @Schema(implementation = Object.class, description = "The result of a call that happened: any JSON.")
                    @Nullable
                    JsonNode result,
            @Schema(description = "Whether a result is accepted that differs from what the tool returned lately.")
                    @Nullable
                    Boolean confirmed,
            @Schema(
                            description =
                                    "The time of another person's decision that this one replaces: `decisions[].at` of the task.")
                    @Nullable
                    Instant replaces) {}

    private final TaskDecisions decisions;
    private final TaskController tasks;
    private final DecidedResults results;
    private final RedoController redo;

    DecisionController(TaskDecisions decisions, TaskController tasks, DecidedResults results, RedoController redo) {
        this.redo = redo;
        this.decisions = decisions;
        this.tasks = tasks;
        this.results = results;
    }

    @PostMapping("/api/tasks/{id}/cancel")
    @Operation(
            operationId = "cancelTask",
            summary = "Cancel a task that is not completed",
            description = "An attempt under way is fenced off: its later results are recorded only as late.")
    public TaskInfo cancel(@PathVariable UUID id, Actor actor) {
        return answer(id, actor, decisions.cancel(id, actor));
    }

    @PostMapping("/api/tasks/{id}/retry")
    @Operation(
            operationId = "retryTask",
            summary = "Redrive a dead task, or redo it from a call on",
            description =
                    "It gets all its attempts again. Calls that succeeded are not made again. With `from`, what models answered and what tools read from that call on is forgotten. Calls with effects are kept, and one of them cannot be the first (problem `call-is-kept`). Afterwards each call of the task with effects and without an effect key needs an approval. `GET` shows beforehand what is forgotten.")
    public TaskInfo retry(
            @PathVariable UUID id,
            @Parameter(description = "The number of the first call to forget; without it, nothing is forgotten.")
                    @RequestParam(required = false)
                    @Nullable
                    Integer from,
            Actor actor) {
        if (from != null) {
            return redo.redo(id, from, actor);
        }
        return answer(id, actor, decisions.redrive(id, actor));
    }

    @GetMapping("/api/tasks/{id}/calls/{n}/sample")
    @Operation(
            operationId = "sampleResult",
            summary = "Show what the tool of a call returned lately",
            description =
                    "The result of the tool's last successful call, to see the shape of the result that a decision gives. There is none if no recent task called the tool.")
    public ResultSample sample(@PathVariable UUID id, @PathVariable int n, Actor actor) {
        return results.sample(tasks.get(id, actor), n);
    }

    @PostMapping("/api/tasks/{id}/calls/{n}/resolve")
    @Operation(
            operationId = "resolveCall",
            summary = "Decide about a call whose outcome is unknown",
            description =
                    "`happened` records the result, `again` allows the call to be made again, `fail` makes it fail. When no call is in doubt any more, the task continues. A result that lacks what the tool's latest results have is refused unless it is `confirmed`. A decision can be replaced by another until an attempt uses it.")
    @ApiResponse(responseCode = "400", description = "The result differs from what the tool returned lately.")
    public TaskInfo resolve(@PathVariable UUID id, @PathVariable int n, @RequestBody Resolve body, Actor actor) {
        Resolution resolution = resolution(body.resolution());
        checkResult(resolution, body.result());
        String result = document(body.result());
        if (resolution == Resolution.HAPPENED && !Boolean.TRUE.equals(body.confirmed())) {
            results.check(tasks.get(id, actor), n, body.result());
        }
        Decision decision = new Decision(resolution, result, body.replaces());
        return answer(id, actor, decisions.resolve(id, n, decision, actor));
    }

    static void checkResult(Resolution resolution, @Nullable JsonNode result) {
        if (resolution != Resolution.HAPPENED && result != null && !result.isNull()) {
            throw ProblemException.badField(
                    "$.result", null, "comes with '" + resolution.word() + "'", "absent, except with happened");
        }
    }

    static Resolution resolution(@Nullable String name) {
        try {
            return Resolution.of(name);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField("$.resolution", name, name == null ? "is missing" : "is unknown", ACCEPTED);
        }
    }

    static @Nullable String document(@Nullable JsonNode result) {
        String problem = result == null ? null : Json.problem(result);
        if (problem != null) {
            throw ProblemException.badField(
                    "$.result", null, "holds " + problem, "JSON that Drover can hold (docs/json.md)");
        }
        return result == null ? null : Json.write(result);
    }

    private TaskInfo answer(UUID id, Actor actor, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Done done -> tasks.get(id, actor);
            case Verdict.Unknown unknown ->
                throw ProblemException.of(HttpStatus.NOT_FOUND, "unknown-task", unknown.what());
            case Verdict.Refused refused ->
                throw ProblemException.of(HttpStatus.CONFLICT, "wrong-state", refused.why());
        };
    }
}
