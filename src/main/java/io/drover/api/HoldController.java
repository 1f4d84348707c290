package io.drover.api;

import io.drover.guard.ToolRegistry;
import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.task.WorkflowRegistry;
import io.drover.tool.ToolSpec;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Stops a tool, a workflow, a model, an agent, a user or everything, for the whole fleet, and lets it go on. */
@RestController
@Tag(name = "holds")
public class HoldController {

    private static final String TIME = "a time between 1 s and 365 days, as in 30m, 2h or PT1H";

    /** What is to be held. */
    @Schema(name = "HoldRequest")
    public record Request(
            @Schema(description = "tool, workflow, model, agent, user or all.", example = "tool") @Nullable String kind,
            @Schema(description = "What is held; missing for all.", example = "refund") @Nullable String name,
            @Schema(description = "Why; 1 to 500 characters.") @Nullable String reason,
            @Schema(
                            name = "for",
                            description = "How long. Without it the hold lasts until it is released.",
                            example = "2h")
                    @com.fasterxml.jackson.annotation.JsonProperty("for")
                    @Nullable
                    String lasting) {}

    /** The holds in force, the oldest first. */
    @Schema(name = "Holds")
    public record InForce(List<HoldInfo> holds) {}

    private final HoldsInForce holds;
    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;

    HoldController(HoldsInForce holds, ToolRegistry tools, WorkflowRegistry workflows) {
        this.holds = holds;
        this.tools = tools;
        this.workflows = workflows;
    }

    @GetMapping("/api/holds")
    @Operation(operationId = "listHolds", summary = "List what is held, the oldest hold first")
    public InForce list() {
        holds.refresh();
        return new InForce(holds.all().stream().map(this::info).toList());
    }

    @PostMapping("/api/holds")
    @Operation(
            operationId = "hold",
            summary = "Hold a tool, a workflow, a model, an agent, a user or everything, for the whole fleet",
            description =
                    "What is held waits: its tasks do not fail, and no attempt is spent. Every worker knows it within a second, and no call that is recorded before it is made begins after the answer. The same hold by the same person is one hold.")
    @ApiResponse(responseCode = "201", description = "It is in force.")
    @ApiResponse(responseCode = "200", description = "It was in force already.")
    public ResponseEntity<HoldInfo> hold(@RequestBody Request request, Actor actor) {
        Holds.Set set = holds.set(checked(request), actor);
        return ResponseEntity.status(set.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(info(set.hold()));
    }

    @DeleteMapping("/api/holds/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "releaseHold", summary = "Release a hold; what waits for it goes on, in order")
    @ApiResponse(responseCode = "204")
    public void release(@PathVariable long id, Actor actor) {
        if (holds.release(id, actor) == null) {
            throw ProblemException.of(
                    HttpStatus.NOT_FOUND,
                    "unknown-hold",
                    "no hold %d is in force; GET /api/holds lists them".formatted(id));
        }
    }

    private static Holds.Request checked(Request request) {
        try {
            return Holds.Request.of(request.kind(), request.name(), request.reason(), time(request.lasting()));
        } catch (Holds.BadRequestException e) {
            throw ProblemException.badField(e.field(), e.value(), e.problem(), e.accepted());
        }
    }

    private static @Nullable Duration time(@Nullable String text) {
        try {
            return text == null ? null : TimeText.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField("for", text, "is not a time with its unit", TIME);
        }
    }

    private HoldInfo info(Hold hold) {
        return HoldInfo.of(hold, isKnown(hold));
    }

    /** A hold on a name that nothing has may be a typing error, so who sets it is told. */
    private @Nullable Boolean isKnown(Hold hold) {
        String name = hold.name();
        return name == null
                ? null
                : switch (hold.kind()) {
                    case TOOL -> tools.current().get(name) != null;
                    case MODEL -> tools.current().get(ToolSpec.MODEL + name) != null;
                    case WORKFLOW -> workflows.get(name) != null;
                    case AGENT, USER, ALL -> null;
                };
    }
}
