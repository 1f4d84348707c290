package io.drover.api;

import io.drover.intake.KafkaIntake;
import io.drover.journal.SetAside;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
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

/** Records that block a trigger, or that blocked it and were set aside. */
@RestController
@Tag(name = "decisions")
public class SetAsideController {

    private static final int MOST = 1000;
    private static final int LONGEST = 500;
    private static final int MOST_BYTES = 10 << 20;

    /** A record to skip. */
    @Schema(name = "SkipRecord")
    public record Skip(
            @Nullable String topic, @Nullable Integer partition, @Nullable Long offset, @Nullable String reason) {}

    /** Records that are set aside, the newest first. */
    @Schema(name = "SetAsideRecords")
    public record Records(List<SetAside.Entry> records) {}

    private final SetAside setAside;
    private final KafkaIntake intake;

    SetAsideController(SetAside setAside, KafkaIntake intake) {
        this.setAside = setAside;
        this.intake = intake;
    }

    @GetMapping("/api/set-aside")
    @Operation(
            operationId = "listSetAside",
            summary = "List the records that neither became tasks nor went to a dead letter topic",
            description = "The newest first, without their payloads.")
    @ApiResponse(responseCode = "200")
    public Records list(
            @RequestParam(required = false) @Nullable String trigger,
            @Parameter(description = "Only records with a smaller id: the last id of the previous part.")
                    @RequestParam(required = false)
                    @Nullable
                    Long before,
            @Parameter(description = "The maximum number; 1 to 1000.") @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.badField("limit", limit, "is out of range", "1 to 1000");
        }
        return new Records(setAside.list(trigger == null ? null : text("trigger", trigger), before, limit));
    }

    @GetMapping("/api/set-aside/{id}")
    @Operation(
            operationId = "getSetAside",
            summary = "Show a record that is set aside",
            description =
                    "Key, payload and the values of headers are in base64. `payloadBytes` of the list says how long the payload is; a longer one than `length` is read in parts.")
    @ApiResponse(responseCode = "200")
    public SetAside.Content content(
            @PathVariable long id,
            @Parameter(description = "Offset of the first byte of the payload to show.")
                    @RequestParam(defaultValue = "0")
                    int offset,
            @Parameter(description = "Maximum number of bytes of the payload; 1 to 10485760.")
                    @RequestParam(defaultValue = "10485760")
                    int length) {
        if (offset < 0) {
            throw ProblemException.badField("offset", offset, "is negative", "0 or more");
        }
        if (length < 1 || length > MOST_BYTES) {
            throw ProblemException.badField("length", length, "is out of range", "1 to 10485760");
        }
        SetAside.Content content = setAside.content(id, offset, length);
        if (content == null) {
            throw missing(id);
        }
        return content;
    }

    @PostMapping("/api/set-aside/{id}/replay")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "replaySetAside",
            summary = "Replay a record that is set aside through its trigger",
            description =
                    "Its tasks have the identity that they would have had, so a second replay adds none. A record that becomes a task is no longer set aside.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "409", description = "It became no task; it stays set aside.")
    public void replay(@PathVariable long id, Actor actor) {
        SetAside.Entry entry = entry(id);
        done(id, intake.replay(entry.position(), whole(id)), SetAside.Removal.REPLAYED, actor);
    }

    @PostMapping("/api/set-aside/{id}/dead-letter")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deadLetterSetAside",
            summary = "Send a record that is set aside to its dead letter topic",
            description = "A record that the topic accepts is no longer set aside.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "409", description = "The topic does not take it; it stays set aside.")
    public void deadLetter(@PathVariable long id, Actor actor) {
        SetAside.Entry entry = entry(id);
        done(id, intake.deadLetter(entry.position(), whole(id), entry.why()), SetAside.Removal.DEAD_LETTERED, actor);
    }

    private SetAside.Entry entry(long id) {
        SetAside.Entry entry = setAside.entry(id);
        if (entry == null) {
            throw missing(id);
        }
        return entry;
    }

    private SetAside.Content whole(long id) {
        SetAside.Content content = setAside.content(id);
        if (content == null) {
            throw missing(id);
        }
        return content;
    }

    private void done(long id, @Nullable String problem, SetAside.Removal how, Actor actor) {
        if (problem != null) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT, "still-set-aside", "record %d stays set aside: %s".formatted(id, problem));
        }
        setAside.remove(id, actor, how); // another may have done the same meanwhile
    }

    @DeleteMapping("/api/set-aside/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "forgetSetAside", summary = "Forget a record that is set aside, when it is dealt with")
    @ApiResponse(responseCode = "204")
    public void forget(@PathVariable long id, Actor actor) {
        if (!setAside.remove(id, actor, SetAside.Removal.FORGOTTEN)) {
            throw missing(id);
        }
    }

    @PostMapping("/api/triggers/{trigger}/skip")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "skipRecord",
            summary = "Make a Kafka trigger skip a record",
            description =
                    "The record becomes a dead letter instead of a task; every process knows it within five seconds.")
    @ApiResponse(responseCode = "204")
    public void skip(@PathVariable String trigger, @RequestBody Skip skip, Actor actor) {
        if (intake.triggers().stream().noneMatch(known -> known.name().equals(trigger))) {
            throw ProblemException.of(
                    HttpStatus.NOT_FOUND, "unknown-trigger", "there is no Kafka trigger '%s'".formatted(trigger));
        }
        if (skip.partition() == null || skip.partition() < 0) {
            throw ProblemException.badField("partition", skip.partition(), "is missing or negative", "0 or more");
        }
        if (skip.offset() == null || skip.offset() < 0) {
            throw ProblemException.badField("offset", skip.offset(), "is missing or negative", "0 or more");
        }
        setAside.skip(
                new SetAside.Position(trigger, text("topic", skip.topic()), skip.partition(), skip.offset()),
                actor,
                text("reason", skip.reason()));
    }

    private static String text(String field, @Nullable String text) {
        if (text == null || text.isBlank() || text.length() > LONGEST || text.indexOf('\0') >= 0) {
            throw ProblemException.badField(field, text, "is missing or too long", "text of 1 to 500 characters");
        }
        return text;
    }

    private static ProblemException missing(long id) {
        return ProblemException.of(HttpStatus.NOT_FOUND, "unknown-record", "no record %d is set aside".formatted(id));
    }
}
