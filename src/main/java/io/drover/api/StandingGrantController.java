package io.drover.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.drover.guard.ToolRegistry;
import io.drover.journal.StandingGrants;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Approvals in advance, against fatigue. */
@RestController
@Tag(name = "approvals")
public class StandingGrantController {

    /** What is approved in advance. */
    @Schema(name = "StandingGrantRequest")
    public record Request(
            @Schema(example = "refund", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String tool,
            @Schema(
                            name = "when",
                            description = "A condition over the arguments; without it all calls are covered.",
                            example = "${variable.amount} <= 200")
                    @JsonProperty("when")
                    @Nullable
                    String condition,
            @Schema(description = "At most this many calls; 1 to 10000.", requiredMode = Schema.RequiredMode.REQUIRED)
                    @Nullable
                    Integer calls,
            @Schema(description = "A number among the arguments, to be added up.", example = "amount") @Nullable
                    String sumOf,
            @Schema(description = "The most that it may add up to.", example = "2000") @Nullable BigDecimal sum,
            @Schema(
                            name = "for",
                            description = "How long; 1 m to 90 days.",
                            example = "8h",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    @JsonProperty("for")
                    @Nullable
                    String lasting,
            @Schema(description = "Why; 1 to 500 characters.", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
                    String reason) {}

    /** Those in force, the oldest first. */
    @Schema(name = "StandingGrants")
    public record InForce(List<StandingGrantInfo> grants) {}

    private final StandingGrants grants;
    private final ToolRegistry tools;

    StandingGrantController(StandingGrants grants, ToolRegistry tools) {
        this.grants = grants;
        this.tools = tools;
    }

    @GetMapping("/api/standing-grants")
    @Operation(operationId = "listStandingGrants", summary = "List the approvals in advance that are in force")
    public InForce list(@RequestParam(required = false) @Nullable String tool) {
        return new InForce(
                grants.inForce(tool).stream().map(StandingGrantInfo::of).toList());
    }

    @PostMapping("/api/standing-grants")
    @Operation(
            operationId = "giveStandingGrant",
            summary = "Approve calls of a tool in advance",
            description =
                    "Up to a number, a sum and a time, each call that fits begins without a question, unless its task was submitted by who gave the grant, or the tool was edited since. A call that is already asked about is not covered.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "403", description = "This user may not approve calls of this tool.")
    public StandingGrantInfo give(@RequestBody Request request, Actor actor) {
        String name = request.tool() == null ? "" : request.tool();
        return StandingGrantInfo.of(
                grants.give(StandingGrantRules.checked(request, tools.current().get(name), actor), actor));
    }

    @DeleteMapping("/api/standing-grants/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "revokeStandingGrant",
            summary = "Revoke an approval in advance; calls that have begun go on")
    @ApiResponse(responseCode = "204")
    public void revoke(@PathVariable long id, Actor actor) {
        if (grants.revoke(id, actor) == null) {
            throw ProblemException.of(
                    HttpStatus.NOT_FOUND,
                    "unknown-standing-grant",
                    "no standing grant %d is in force; GET /api/standing-grants lists them".formatted(id));
        }
    }
}
