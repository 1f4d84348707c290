package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.rollout.Evidence;
import io.drover.rollout.Rollout;
import io.drover.rollout.RolloutLook;
import io.drover.rollout.RolloutView;
import io.drover.shadow.ShadowReport;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A version of a workflow that gets a part of its new tasks, and is judged by how they end. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "Rollout",
        description = "A version of a workflow that gets a part of its new tasks, and is judged by how they end.")
public record RolloutInfo(
        String id,
        String workflow,
        @Schema(description = "The version on trial.") int candidate,
        @Schema(description = "The version that it is compared with.") int control,
        @Schema(description = "canary or shadow; image where the canary's image is on trial, and no version.")
                String mode,
        @Schema(description = "running, paused, promoted, rolled-back, aborted or compared.") String state,
        @Schema(
                        description =
                                "The percentage of the new tasks that the candidate gets, or of the live tasks that it mirrors.")
                BigDecimal percent,
        @Schema(description = "The percentages of all steps.") List<BigDecimal> steps,
        @Schema(description = "Which of the steps, from 0.") int step,
        @Schema(description = "How many tasks of each side have to be compared in each step.") int tasks,
        @Schema(description = "How many tasks of each side were compared.") long compared,
        @Schema(description = "Whether nothing was shown in the time that a step has.") boolean overdue,
        Instant beganAt,
        @Nullable Instant endedAt,
        @Schema(description = "Why it is as it is.") @Nullable String reason,
        @Schema(description = "Who decided last.") String who,
        @Schema(description = "How each guardrail stands; missing in the list.") @Nullable List<Evidence> evidence,
        @Schema(description = "How it stood before, the oldest first; missing in the list.") @Nullable
                List<RolloutLook> looks,
        @Schema(
                        description =
                                "How the shadows differ from the live tasks; of one with mode shadow; missing in the list.")
                @Nullable
                ShadowReport shadows) {

    static RolloutInfo of(RolloutView view) {
        return of(view, null, null, null);
    }

    static RolloutInfo of(
            RolloutView view,
            @Nullable List<Evidence> evidence,
            @Nullable List<RolloutLook> looks,
            @Nullable ShadowReport shadows) {
        Rollout settings = view.settings();
        return new RolloutInfo(
                view.id(),
                settings.workflow(),
                settings.candidate(),
                settings.control(),
                settings.isOfImage() ? "image" : settings.shadow() == null ? "canary" : "shadow",
                view.state().text(),
                percent(view.share()),
                settings.steps().stream().map(RolloutInfo::percent).toList(),
                view.step(),
                settings.tasks(),
                view.pairs(),
                view.isOverdue(),
                view.beganAt(),
                view.endedAt(),
                view.reason(),
                view.who(),
                evidence,
                looks,
                shadows);
    }

    private static BigDecimal percent(int millionths) {
        BigDecimal percent = BigDecimal.valueOf(millionths, 4).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }
}
