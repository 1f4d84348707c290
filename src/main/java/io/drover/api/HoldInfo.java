package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.hold.Hold;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that a person stopped for the whole fleet. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Hold", description = "Something that a person stopped for the whole fleet.")
public record HoldInfo(
        long id,
        @Schema(description = "tool, workflow, model, agent, user or all.") String kind,
        @Schema(description = "What is held; missing for all.") @Nullable String name,
        String reason,
        @Schema(description = "Who set it.") String who,
        Instant since,
        @Schema(description = "When it ends by itself; missing where it has to be released.") @Nullable Instant until,
        @Schema(description = "Whether this process has loaded what is held; missing where it cannot know.") @Nullable
                Boolean known) {

    static HoldInfo of(Hold hold, @Nullable Boolean known) {
        return new HoldInfo(
                hold.id(),
                hold.kind().text(),
                hold.name(),
                hold.reason(),
                hold.who(),
                hold.since(),
                hold.until(),
                known);
    }
}
