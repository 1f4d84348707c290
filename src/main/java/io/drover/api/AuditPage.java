package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.AuditTrail;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A part of the list of decisions, newest first. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A part of the list of decisions, newest first.")
public record AuditPage(
        List<Entry> entries,
        @Schema(description = "The cursor of the next part; absent at the end.") @Nullable String next) {

    private static final String PAYLOAD = "result";

    /** A decision. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "AuditEntry", description = "Who decided what, and when.")
    public record Entry(
            long id,
            Instant at,
            String actor,
            @Schema(description = "The action: cancel, redrive, redo, resolve, forget, skip-record ...") String what,
            @Nullable UUID task,
            @JsonRawValue
                    @Schema(
                            implementation = Object.class,
                            description = "What was decided; a result only for operators, cut after 1000 characters.")
                    @Nullable
                    String detail) {

        static Entry of(AuditTrail.Entry entry, boolean withPayload) {
            return new Entry(
                    entry.id(),
                    entry.at(),
                    entry.actor(),
                    entry.what(),
                    entry.task(),
                    withPayload ? entry.detail() : withoutPayload(entry.detail()));
        }
    }

    static AuditPage of(List<AuditTrail.Entry> entries, int limit, boolean withPayload) {
        return new AuditPage(
                entries.stream().map(entry -> Entry.of(entry, withPayload)).toList(),
                entries.size() < limit
                        ? null
                        : AuditCursor.write(entries.getLast().id()));
    }

    private static @Nullable String withoutPayload(@Nullable String detail) {
        if (detail == null) {
            return null;
        }
        JsonNode tree = tree(detail);
        if (tree instanceof ObjectNode object) {
            object.remove(PAYLOAD);
        }
        return Json.write(tree);
    }

    static JsonNode tree(String detail) {
        return Recorded.tree(detail, () -> "an entry of the audit table");
    }
}
