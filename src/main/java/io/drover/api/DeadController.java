package io.drover.api;

import io.drover.guard.ToolRegistry;
import io.drover.journal.DeadTasks;
import io.drover.journal.DeadTasks.Filter;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The dead tasks: why they are dead, and retries of many of them together. */
@RestController
@Tag(name = "decisions")
public class DeadController {

    private static final int LONGEST_TEXT = 500;
    private static final int MOST_TASKS = 10_000;
    private static final int DETAILS = 20;
    private static final Duration FAR_AWAY = Duration.ofDays(36_500);

    /** Which dead tasks to retry. */
    @Schema(
            name = "Retry",
            description =
                    "Selects the dead tasks to retry: those that match all fields. Either workflow or ids is required.")
    public record Retry(
            @Nullable String workflow,
            @Schema(description = "The type of the error.") @Nullable String type,
            @Schema(description = "The reason of a group.") @Nullable String reason,
            @Nullable List<UUID> ids,
            @Schema(description = "Only tasks that were dead by then; `until` of a preview.") @Nullable Instant until,
            @Schema(description = "The maximum number, those that died first; 1 to 10000.", defaultValue = "1000")
                    @Nullable
                    Integer limit) {}

    /** The outcome of the decision. */
    @Schema(name = "Retried")
    public record Retried(@Schema(description = "How many tasks are queued again.") int retried) {}

    private final DeadTasks dead;
    private final ToolRegistry tools;

    DeadController(DeadTasks dead, ToolRegistry tools) {
        this.dead = dead;
        this.tools = tools;
    }

    @GetMapping("/api/dead")
    @Operation(
            operationId = "listDeadGroups",
            summary = "Group the dead tasks by workflow, error type and reason",
            description = "Of the 10000 that died last.")
    @ApiResponse(responseCode = "200")
    public DeadGroups groups(@RequestParam(required = false) @Nullable String workflow, Actor actor) {
        TaskController.checkWorkflow(workflow);
        return DeadGroups.of(dead.groups(workflow, actor.workflows()));
    }

    @GetMapping("/api/dead/retry")
    @Operation(
            operationId = "previewRetry",
            summary = "Show what a retry of dead tasks would do",
            description =
                    "Changes nothing. Shows which recorded calls of these tasks are done and will be skipped, which will be made again, and which are in doubt.")
    @ApiResponse(responseCode = "200")
    public RetryPreview preview(
            @RequestParam(required = false) @Nullable String workflow,
            @Parameter(description = "The type of the error.") @RequestParam(required = false) @Nullable String type,
            @Parameter(description = "The reason of a group.") @RequestParam(required = false) @Nullable String reason,
            @Parameter(description = "Ids of tasks; may be repeated.") @RequestParam(required = false) @Nullable
                    List<UUID> ids,
            @Parameter(description = "The maximum number; 1 to 10000.") @RequestParam(defaultValue = "1000") int limit,
            Actor actor) {
        Retry retry = new Retry(workflow, type, reason, ids, null, limit);
        return RetryPreview.of(
                dead.preview(filter(retry, actor), limit(retry), DETAILS),
                DETAILS,
                tools.current().all());
    }

    @PostMapping("/api/dead/retry")
    @Operation(
            operationId = "retryTasks",
            summary = "Retry many dead tasks",
            description =
                    "Each gets all its attempts again. Calls that succeeded are not made again; `GET` on the same path shows which.")
    @ApiResponse(responseCode = "200")
    public Retried retry(@RequestBody Retry retry, Actor actor) {
        return new Retried(dead.redrive(filter(retry, actor), limit(retry), actor));
    }

    private static Filter filter(Retry retry, Actor actor) {
        if (retry.workflow() == null && retry.ids() == null) {
            throw ProblemException.badField(
                    "workflow",
                    null,
                    "is missing",
                    "given, unless ids are given; a retry of everything must not happen by accident");
        }
        TaskController.checkWorkflow(retry.workflow());
        if (retry.ids() != null
                && (retry.ids().size() > MOST_TASKS || retry.ids().contains(null))) {
            throw ProblemException.badField("ids", null, "are too many or null", "at most 10000 ids");
        }
        return new Filter(
                retry.workflow(),
                text("type", retry.type()),
                text("reason", retry.reason()),
                retry.ids(),
                time(retry.until()),
                actor.workflows());
    }

    private static @Nullable String text(String field, @Nullable String text) {
        if (text != null && (text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0)) {
            throw ProblemException.badField(field, text, "matches nothing", "as in a group of dead tasks");
        }
        return text;
    }

    private static @Nullable Instant time(@Nullable Instant until) {
        try {
            if (until != null && Duration.between(Instant.EPOCH, until).abs().compareTo(FAR_AWAY) > 0) {
                throw new DateTimeException("far away");
            }
            return until;
        } catch (DateTimeException | ArithmeticException e) {
            throw ProblemException.badField("until", until, "is out of range", "a time, as `until` of a preview");
        }
    }

    private static int limit(Retry retry) {
        int limit = retry.limit() == null ? 1_000 : retry.limit();
        if (limit < 1 || limit > MOST_TASKS) {
            throw ProblemException.badField("limit", limit, "is out of range", "a whole number between 1 and 10000");
        }
        return limit;
    }
}
