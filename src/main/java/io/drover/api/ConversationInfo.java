package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.drover.agent.Transcript;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.who.Payload;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conversation of an agent with its model. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Conversation", description = "The conversation of an agent with its model.")
public record ConversationInfo(
        String agent,
        @Schema(description = "Counts equal runs of the agent in the task, from 1.") int run,
        @Schema(description = "The model, below drover.models.") String model,
        @Payload @Schema(description = "What the model is told to be and do.") @Nullable String system,
        @Schema(description = "The tools that it was offered.") List<String> tools,
        @Payload(json = true)
                @JsonRawValue
                @Schema(
                        implementation = Object.class,
                        description =
                                "What it was asked to work on, if that is the task's input; else it is not kept, and absent.")
                @Nullable
                String question,
        @Schema(description = "In their order.") List<Turn> turns,
        @Schema(description = "In dollars.") BigDecimal costUsd) {

    /** A question to the model, and what came of it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Turn", description = "A question to the model, and what came of it.")
    public record Turn(
            @Schema(description = "The number of the call of the model.") int call,
            CallState state,
            Instant at,
            @Nullable Instant finishedAt,
            @Payload @Schema(description = "What it said.") @Nullable String text,
            @Schema(description = "The calls that it asked for.") List<Wanted> calls,
            @Schema(description = "Tokens of the prompt.") long tokensIn,
            @Schema(description = "Tokens of the answer.") long tokensOut,
            @Schema(description = "In dollars.") BigDecimal costUsd) {

        static Turn of(Transcript.Turn turn) {
            return new Turn(
                    turn.asked().n(),
                    turn.asked().state(),
                    turn.asked().startedAt(),
                    turn.asked().finishedAt(),
                    turn.text(),
                    turn.wanted().stream().map(Wanted::of).toList(),
                    turn.in(),
                    turn.out(),
                    turn.usd());
        }
    }

    /** A call that the model asked for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "WantedCall", description = "A call that the model asked for.")
    public record Wanted(
            String tool,
            @Payload @Schema(description = "What the model wrote, JSON or not.") String arguments,
            @Schema(description = "The number of the call; absent if it was not made.") @Nullable Integer call,
            @Nullable CallState state,
            @Payload(json = true) @JsonRawValue @Schema(implementation = Object.class) @Nullable String result,
            @Payload @Schema(description = "What the model was told in the place of a result.") @Nullable String told) {

        static Wanted of(Transcript.Wanted wanted) {
            CallRecord made = wanted.made();
            return new Wanted(
                    wanted.tool(),
                    wanted.arguments(),
                    made == null ? null : made.n(),
                    made == null ? null : made.state(),
                    made == null ? null : made.result(),
                    wanted.told());
        }
    }

    static ConversationInfo of(Transcript transcript) {
        return new ConversationInfo(
                transcript.agent(),
                transcript.run(),
                transcript.model(),
                transcript.system(),
                transcript.tools(),
                transcript.question(),
                transcript.turns().stream().map(Turn::of).toList(),
                transcript.turns().stream().map(Transcript.Turn::usd).reduce(BigDecimal.ZERO, BigDecimal::add));
    }
}
