package io.drover.api;

import io.drover.rollout.DecisionRefusedException;
import io.drover.rollout.RolloutAction;
import io.drover.rollout.Rollouts;
import io.drover.shadow.Shadows;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** How the rollouts stand, and what people decide about them. */
@RestController
@Tag(name = "rollouts")
public class RolloutController {

    private static final int LONGEST_REASON = 500;
    private static final String ACTIONS = Arrays.stream(RolloutAction.values())
            .map(action -> action.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));

    /** Why something is decided. */
    @Schema(name = "RolloutDecision")
    public record Decision(@Schema(description = "Why; 1 to 500 characters.") @Nullable String reason) {}

    /** All that ever began, the newest first. */
    @Schema(name = "Rollouts")
    public record All(List<RolloutInfo> rollouts) {}

    private final Rollouts rollouts;
    private final Shadows shadows;

    RolloutController(Rollouts rollouts, Shadows shadows) {
        this.rollouts = rollouts;
        this.shadows = shadows;
    }

    @GetMapping("/api/rollouts")
    @Operation(operationId = "listRollouts", summary = "List all rollouts that ever began, the newest first")
    public All list() {
        return new All(rollouts.all().stream().map(RolloutInfo::of).toList());
    }

    @GetMapping("/api/rollouts/{id}")
    @Operation(
            operationId = "getRollout",
            summary =
                    "Show how a rollout stands: the evidence of each guardrail and its curves, or how its shadows differ")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "No rollout with this id has begun.")
    public RolloutInfo get(@PathVariable String id) {
        return rollouts.find(id)
                .map(view -> view.settings().shadow() == null
                        ? RolloutInfo.of(view, rollouts.evidence(id), rollouts.looks(id), null)
                        : RolloutInfo.of(view, null, null, shadows.of(id)))
                .orElseThrow(() -> unknown(id));
    }

    @PostMapping("/api/rollouts/{id}/{action}")
    @Operation(
            operationId = "decideRollout",
            summary = "Promote, abort, pause or resume a rollout",
            description =
                    "`promote` makes the candidate the current version, whatever the judge would say; `abort` gives it no new task; `pause` keeps its share from growing, and a worse one is still rolled back; `resume` ends a pause. Each process knows it within seconds.")
    @ApiResponse(responseCode = "200", description = "It is decided, or was so already.")
    @ApiResponse(responseCode = "404", description = "No rollout with this id has begun.")
    @ApiResponse(responseCode = "409", description = "The rollout is not in a state in which that is possible.")
    public RolloutInfo decide(
            @PathVariable String id, @PathVariable String action, @RequestBody Decision decision, Actor actor) {
        try {
            return rollouts.decide(id, action(action), reason(decision), actor)
                    .map(RolloutInfo::of)
                    .orElseThrow(() -> unknown(id));
        } catch (DecisionRefusedException e) {
            throw ProblemException.of(HttpStatus.CONFLICT, "rollout-state", String.valueOf(e.getMessage()));
        }
    }

    private static RolloutAction action(String text) {
        return Arrays.stream(RolloutAction.values())
                .filter(action -> action.name().toLowerCase(Locale.ROOT).equals(text))
                .findAny()
                .orElseThrow(() -> ProblemException.badField("action", text, "is not known", ACTIONS));
    }

    private static String reason(Decision decision) {
        String reason = decision.reason();
        if (reason == null
                || reason.isBlank()
                || reason.codePointCount(0, reason.length()) > LONGEST_REASON
                || reason.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            throw ProblemException.badField(
                    "reason",
                    reason,
                    "is missing or too long",
                    "text of 1 to 500 characters without control characters");
        }
        return reason;
    }

    private static ProblemException unknown(String id) {
        return ProblemException.of(
                HttpStatus.NOT_FOUND,
                "unknown-rollout",
                "no rollout '%s' has begun; GET /api/rollouts lists them".formatted(id));
    }
}
