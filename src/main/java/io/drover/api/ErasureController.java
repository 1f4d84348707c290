package io.drover.api;

import io.drover.erasure.ErasureRefusedException;
import io.drover.erasure.Erasures;
import io.drover.erasure.Receipt;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Erases what is kept about a person, for administrators. */
@RestController
@Tag(name = "erasures")
class ErasureController {

    private static final int LONGEST = 500;
    private static final int MOST_KEYS = 100;

    /** What is asked for. */
    @Schema(name = "ErasureRequest")
    record Request(
            @Schema(description = "The person, as in submittedBy of tasks.", example = "ann") @Nullable String user,
            @Schema(
                            description = "Keys of long memory that are about the person, too; up to 100.",
                            example = "[\"customer/ann@mail.example\"]")
                    @Nullable
                    List<@Nullable String> memory,
            @Schema(description = "Whether everything is counted, and nothing is changed.", defaultValue = "false")
                    @Nullable
                    Boolean dryRun) {}

    private final Erasures erasures;

    ErasureController(Erasures erasures) {
        this.erasures = erasures;
    }

    @PostMapping("/api/erasures")
    @Operation(
            operationId = "eraseUser",
            summary = "Erase what is kept about a person",
            description =
                    "Empties the tasks that the user submitted, with their calls, memory, signals and approvals, and the user's name wherever it stands for who did something. Ids, outcomes, times and costs stay. Can be repeated. The answer is a receipt, which also says what was not reached; it is kept nowhere.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(
            responseCode = "409",
            description = "A task of the user has not ended, or a call of one is in doubt; `tasks` has the first ones.")
    Receipt erase(@RequestBody Request request, Actor actor) {
        return erasures.erase(
                new Erasures.Request(
                        user(request.user(), actor), keys(request.memory()), Boolean.TRUE.equals(request.dryRun())),
                actor);
    }

    private static String user(@Nullable String user, Actor actor) {
        String accepted = "the name of a user, as in submittedBy of tasks";
        if (user == null || user.isBlank() || user.length() > LONGEST || user.indexOf(0) >= 0) {
            throw ProblemException.badField("$.user", user, "is missing, blank or too long", accepted);
        }
        if (user.equals(Erasures.ERASED)) {
            throw ProblemException.badField("$.user", user, "stands in the place of erased names", accepted);
        }
        if (user.equals(actor.name())) {
            throw ProblemException.badField(
                    "$.user",
                    user,
                    "is who asks, and the audit log has to say who that was",
                    "another admin's to erase");
        }
        return user;
    }

    private static List<String> keys(@Nullable List<@Nullable String> keys) {
        if (keys == null) {
            return List.of();
        }
        if (keys.size() > MOST_KEYS
                || keys.stream()
                        .anyMatch(
                                key -> key == null || key.isEmpty() || key.length() > LONGEST || key.indexOf(0) >= 0)) {
            throw ProblemException.badField(
                    "$.memory", null, "is too long or holds what is no key", "a list of up to 100 keys of long memory");
        }
        return keys.stream().map(String::valueOf).toList();
    }

    @ExceptionHandler
    ProblemException refused(ErasureRefusedException e) {
        return ProblemException.of(HttpStatus.CONFLICT, "not-ended", String.valueOf(e.getMessage()))
                .with("tasks", e.tasks());
    }
}
