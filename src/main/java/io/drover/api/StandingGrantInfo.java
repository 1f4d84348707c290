package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.drover.journal.StandingGrant;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Calls of a tool that a person approved in advance. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "StandingGrant", description = "Calls of a tool that a person approved in advance.")
public record StandingGrantInfo(
        long id,
        String tool,
        @Schema(description = "The digest of the tool's definition; calls of another one are not covered.")
                String definition,
        @Schema(
                        name = "when",
                        description = "The condition over the arguments; missing for all calls.",
                        example = "${variable.amount} <= 200")
                @JsonProperty("when")
                @Nullable
                String condition,
        @Schema(description = "How many calls it covers.") int calls,
        @Schema(description = "How many of them have been made.") int drawn,
        @Schema(description = "The argument whose values are added up.") @Nullable String sumOf,
        @Schema(description = "The most that they may add up to.") @Nullable BigDecimal sum,
        @Schema(description = "What they add up to.") @Nullable BigDecimal drawnSum,
        String reason,
        @Schema(description = "Who gave it.") String who,
        Instant since,
        Instant until) {

    static StandingGrantInfo of(StandingGrant grant) {
        return new StandingGrantInfo(
                grant.id(),
                grant.tool(),
                TaskInfo.hex(grant.definition()),
                grant.condition(),
                grant.calls(),
                grant.drawn(),
                grant.sumOf(),
                grant.sum(),
                grant.sumOf() == null ? null : grant.drawnSum(),
                grant.reason(),
                grant.who(),
                grant.since(),
                grant.until());
    }
}
