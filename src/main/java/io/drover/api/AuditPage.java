package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.AuditTrail;
import io.drover.json.Recorded;
import io.drover.who.Payload;
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

    /** A decision. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "AuditEntry", description = "Who decided what, and when.")
    public record Entry(
            long id,
            Instant at,
            String actor,
            @Schema(description = "The action: cancel, redrive, redo, resolve, forget, skip-record ...") String what,
            @Nullable UUID task,
            @Payload(
                            keeps = {
                                "after",
                                "approval",
                                "attribute",
                                "before",
                                "call",
                                "calls",
                                "expires",
                                "facts",
                                "file",
                                "id",
                                "kind",
                                "level",
                                "logger",
                                "mbean",
                                "n",
                                "name",
                                "offset",
                                "operation",
                                "parent",
                                "partition",
                                "plan",
                                "process",
                                "replaces",
                                "resolution",
                                "roles",
                                "rule",
                                "since",
                                "standingGrant",
                                "state",
                                "status",
                                "task",
                                "tool",
                                "topic",
                                "trigger",
                                "until",
                                "workflow",
                                "workflows"
                            })
                    @JsonRawValue
                    @Schema(
                            implementation = Object.class,
                            description = "What was decided; a result is cut after 1000 characters.")
                    @Nullable
                    String detail) {

        static Entry of(AuditTrail.Entry entry) {
            return new Entry(entry.id(), entry.at(), entry.actor(), entry.what(), entry.task(), entry.detail());
        }
    }

    static AuditPage of(List<AuditTrail.Entry> entries, int limit) {
        return new AuditPage(
                entries.stream().map(Entry::of).toList(),
                entries.size() < limit
                        ? null
                        : AuditCursor.write(entries.getLast().id()));
    }

    static JsonNode tree(String detail) {
        return Recorded.tree(detail, () -> "an entry of the audit table");
    }
}
