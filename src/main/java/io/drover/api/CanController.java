package io.drover.api;

import io.drover.who.Actor;
import io.drover.who.Callers;
import io.drover.who.Role;
import io.drover.who.Verb;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Explains who may do what. */
@RestController
@Tag(name = "keys")
public class CanController {

    private static final String VERBS =
            Arrays.stream(Verb.values()).map(Verb::text).collect(Collectors.joining(", "));

    /** The answer. */
    @Schema(name = "Can")
    public record Can(boolean allowed, String reason) {}

    private final ObjectProvider<Callers> callers;

    /** @param callers absent in a process without a web server */
    CanController(ObjectProvider<Callers> callers) {
        this.callers = callers;
    }

    @GetMapping("/api/can")
    @Operation(
            operationId = "can",
            summary = "Say whether a caller may do something with the tasks of a workflow, and why",
            description = "An operator, a viewer or an admin may ask about others; everybody may ask about themselves.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "There is no such caller.")
    public Can can(
            @Parameter(description = "submit, see, read, cancel, retry, resolve, approve or execute.") @RequestParam
                    String verb,
            @RequestParam String workflow,
            @Parameter(description = "A user, or key:<name>; missing for the one who asks.")
                    @RequestParam(required = false)
                    @Nullable
                    String as,
            Actor actor) {
        TaskController.checkWorkflow(workflow);
        Verb.Answer answer = Verb.of(verb)
                .orElseThrow(() -> ProblemException.badField("verb", verb, "is unknown", "one of " + VERBS))
                .of(as == null || as.equals(actor.name()) ? actor : other(as, actor), workflow);
        return new Can(answer.allowed(), answer.reason());
    }

    private Actor other(String name, Actor actor) {
        boolean may = actor.is(Role.OPERATOR) || actor.is(Role.VIEWER) || actor.is(Role.ADMIN);
        if (!may || !actor.workflows().isAll()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "this caller may ask about itself only; leave out 'as', or ask an operator");
        }
        return callers.stream()
                .flatMap(known -> known.find(name).stream())
                .findFirst()
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.NOT_FOUND,
                        "unknown-caller",
                        "no user or key of this name may log in; a key is named key:<name>"));
    }
}
