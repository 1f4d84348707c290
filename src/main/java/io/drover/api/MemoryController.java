package io.drover.api;

import io.drover.memory.Fact;
import io.drover.memory.Memory;
import io.drover.memory.UnusableTextException;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Shows and forgets what agents remember. The key is a parameter: in a path it could not hold a slash. */
@RestController
@Tag(name = "memory")
class MemoryController {

    /** A fact that is remembered under a key. */
    @Schema(name = "Facts")
    record Facts(List<FactInfo> facts) {}

    /** One thing that is remembered. */
    @Schema(name = "Fact")
    record FactInfo(
            String fact,
            @Schema(description = "When it was remembered last.") Instant at,
            @Schema(description = "The task that remembered it last.") @Nullable UUID task) {

        static FactInfo of(Fact fact) {
            return new FactInfo(fact.fact(), fact.at(), fact.task());
        }
    }

    private final Memory memory;

    MemoryController(Memory memory) {
        this.memory = memory;
    }

    @GetMapping("/api/memory")
    @Operation(operationId = "listFacts", summary = "List the facts that are remembered under a key, the newest first")
    @ApiResponse(responseCode = "200")
    Facts facts(@Parameter(description = "For example a customer's e-mail address.") @RequestParam String key) {
        return new Facts(memory.facts(key).stream().map(FactInfo::of).toList());
    }

    @DeleteMapping("/api/memory")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "forget",
            summary = "Forget all facts of a key",
            description = "Succeeds also if there are none. Stored tasks still show the facts that they recalled.")
    @ApiResponse(responseCode = "204")
    void forget(
            @Parameter(description = "For example a customer's e-mail address.") @RequestParam String key,
            Actor actor) {
        memory.forget(key, actor);
    }

    @ExceptionHandler
    ProblemException unusable(UnusableTextException e) {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST,
                "bad-field",
                e.getMessage(),
                FieldProblem.of("key", null, e.getMessage(), null));
    }
}
