package io.drover.api;

import io.drover.journal.Signal;
import io.drover.task.InvalidTaskException;
import io.drover.task.KeyOwners;
import io.drover.task.Signals;
import io.drover.task.TaskProblems;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes signals in. */
@RestController
@Tag(name = "signals")
class SignalController {

    private static final long PATIENCE_SECONDS = 5;

    private final Signals signals;
    private final KeyOwners owners;

    SignalController(Signals signals, KeyOwners owners) {
        this.signals = signals;
        this.owners = owners;
    }

    /**
     * A signal that was sent.
     *
     * @param id    its number
     * @param known whether it was sent before
     */
    record SignalAnswer(long id, boolean known) {}

    @PostMapping(
            path = "/api/signals/{name}",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/*+json"})
    @Operation(
            operationId = "sendSignal",
            summary = "Send a signal",
            description =
                    "To the tasks that wait for it with `wait:signal`, now or later. The body is any JSON; they hear it. When the answer is 200 or 202, the signal is durable.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(description = "Any JSON."))))
    @ApiResponse(responseCode = "200", description = "You sent this signal before with this Idempotency-Key.")
    @ApiResponse(responseCode = "202", description = "The signal is durable.")
    @ApiResponse(
            responseCode = "409",
            description = "You sent a signal with this Idempotency-Key, and another key or body.")
    ResponseEntity<SignalAnswer> send(
            @PathVariable String name,
            @Parameter(description = "Whom the signal concerns, such as an order's number.") @RequestParam String key,
            @Parameter(description = "A second signal of this name with your same Idempotency-Key is the same signal.")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String source,
            @Parameter(hidden = true) HttpServletRequest request,
            Actor actor)
            throws IOException, InterruptedException {
        String body = InputText.of(request);
        Signal.Outcome outcome = durable(
                new Signals.Send(name, key, body, source, owners.of(actor.name()), actor.name()), source != null);
        BodyLimit.handedOver(request);
        boolean known = outcome instanceof Signal.Outcome.Known;
        return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(new SignalAnswer(Signals.id(outcome), known));
    }

    private Signal.Outcome durable(Signals.Send signal, boolean repeatable) throws InterruptedException {
        try {
            CompletableFuture<Signal.Outcome> sent = signals.send(signal);
            Signal.Outcome outcome = sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Signals.id(outcome);
            return outcome;
        } catch (InvalidTaskException e) {
            throw ProblemException.of(TaskProblems.of(e));
        } catch (TimeoutException e) {
            throw RetryLater.unconfirmed(repeatable);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a signal could not be stored", e.getCause());
        }
    }
}
