package io.drover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.DoubtfulCalls;
import io.drover.journal.DoubtfulCalls.Doubt;
import io.drover.journal.DoubtfulCalls.Doubts;
import io.drover.journal.DoubtfulCalls.Filter;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The calls in doubt that tasks wait for: their list, and one decision about many of them. */
@RestController
@Tag(name = "decisions")
public class DoubtController {

    private static final Pattern TOOL = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,127}");
    private static final int LONGEST_RESULT = 64 << 10;
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

    /** A decision about many calls. */
    @Schema(name = "ResolveMany", description = "A person's decision about all calls in doubt that match all fields.")
    public record Resolve(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String tool,
            @Nullable String workflow,
            @Schema(description = "Only calls that began then or later.") @Nullable Instant since,
            @Schema(description = "Only calls that began then or earlier; `until` of the list.") @Nullable
                    Instant until,
            @Schema(
                            description = "The expected number of calls: `count` of the list; 1 to 1000.",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    @Nullable
                    Integer expected,
            @Schema(
                            allowableValues = {"happened", "again", "fail"},
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    @Nullable
                    String resolution,
            @Schema(implementation = Object.class, description = "The result of each call that happened: any JSON.")
                    @Nullable
                    JsonNode result,
            @Schema(description = "Whether a result is accepted that differs from what the tool returned lately.")
                    @Nullable
                    Boolean confirmed) {}

    /** Calls in doubt. */
    @Schema(name = "DoubtfulCalls")
    public record Listed(
            @Schema(description = "How many match, up to 10000.") int count,
            @Schema(description = "When the last one listed began.") @Nullable Instant until,
            @Schema(description = "The oldest of them.") List<Doubt> calls) {}

    /** The outcome of the decision. */
    @Schema(name = "Resolved")
    public record Resolved(@Schema(description = "How many calls are settled.") int resolved) {}

    private final DoubtfulCalls calls;
    private final DecidedResults results;

    DoubtController(DoubtfulCalls calls, DecidedResults results) {
        this.calls = calls;
        this.results = results;
    }

    @GetMapping("/api/calls/in-doubt")
    @Operation(
            operationId = "listDoubtfulCalls",
            summary = "List the calls in doubt that tasks wait for",
            description = "The oldest first, and how many there are. `address` is the Idempotency-Key of the call.")
    @ApiResponse(responseCode = "200")
    public Listed list(
            @RequestParam(required = false) @Nullable String tool,
            @RequestParam(required = false) @Nullable String workflow,
            @Parameter(description = "Only calls that began then or later.") @RequestParam(required = false) @Nullable
                    Instant since,
            @Parameter(description = "Only calls that began then or earlier.") @RequestParam(required = false) @Nullable
                    Instant until,
            @Parameter(description = "The maximum number; 1 to 1000.") @RequestParam(defaultValue = "100") int limit,
            Actor actor) {
        if (limit < 1 || limit > DoubtfulCalls.MOST) {
            throw ProblemException.badField("limit", limit, "is out of range", "1 to 1000");
        }
        Doubts doubts = calls.look(filter(tool, workflow, since, until, actor), limit);
        List<Doubt> first = doubts.first();
        return new Listed(
                doubts.count(), first.isEmpty() ? null : first.getLast().startedAt(), first);
    }

    @PostMapping("/api/calls/resolve")
    @Operation(
            operationId = "resolveCalls",
            summary = "Decide about many calls whose outcome is unknown",
            description =
                    "The same decision as for one call, about each matching call in doubt of a tool, or about none: `expected` is the number that you have seen. Each decision is audited.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "400", description = "The result differs from what the tool returned lately.")
    @ApiResponse(responseCode = "409", description = "The number of matching calls differs from the expected number.")
    public Resolved resolve(@RequestBody Resolve body, Actor actor) {
        if (body.tool() == null) {
            throw ProblemException.badField("tool", null, "is missing", "the name of a tool");
        }
        Filter filter = filter(body.tool(), body.workflow(), body.since(), body.until(), actor);
        Resolution resolution = DecisionController.resolution(body.resolution());
        DecisionController.checkResult(resolution, body.result());
        String result = DecisionController.document(body.result());
        if (result != null && result.length() > LONGEST_RESULT) {
            throw ProblemException.badField("$.result", null, "is too long for many calls", "at most 65536 characters");
        }
        Integer expected = body.expected();
        if (expected == null || expected < 1 || expected > DoubtfulCalls.MOST) {
            throw ProblemException.badField(
                    "expected",
                    expected,
                    "is missing or out of range",
                    "1 to 1000; select a shorter time for fewer calls");
        }
        if (resolution == Resolution.HAPPENED && !Boolean.TRUE.equals(body.confirmed())) {
            checkSampled(body.workflow(), actor);
            results.check(body.tool(), body.workflow(), body.result());
        }
        int found = calls.settle(filter, expected, resolution, result, actor);
        if (found != expected) {
            throw ProblemException.of(
                            HttpStatus.CONFLICT,
                            "other-count",
                            "%d calls of tool:%s match, not %d, so nothing is settled; check the calls and try again"
                                    .formatted(found, filter.tool(), expected))
                    .with("count", found);
        }
        return new Resolved(found);
    }

    /** What it is compared with is shown where it differs, so it comes from tasks that the caller may see. */
    private static void checkSampled(@Nullable String workflow, Actor actor) {
        if (!actor.workflows().isAll()
                && (workflow == null || !actor.workflows().allow(workflow))) {
            throw ProblemException.badField(
                    "workflow",
                    workflow,
                    "is missing, or not the caller's",
                    actor.workflows().text());
        }
    }

    private static Filter filter(
            @Nullable String tool,
            @Nullable String workflow,
            @Nullable Instant since,
            @Nullable Instant until,
            Actor actor) {
        if (tool != null && !TOOL.matcher(tool).matches()) {
            throw ProblemException.badField("tool", tool, "is not a tool's name", "the name of a tool");
        }
        TaskController.checkWorkflow(workflow);
        checkTime("since", since);
        checkTime("until", until);
        return new Filter(tool, workflow, since, until, actor.workflows());
    }

    static void checkTime(String field, @Nullable Instant time) {
        if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
            throw ProblemException.badField(field, time, "is out of range", "a time, as 2026-11-28T04:00:00Z");
        }
    }
}
