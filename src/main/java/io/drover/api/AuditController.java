package io.drover.api;

import io.drover.journal.AuditTrail;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows who decided what. */
@RestController
@Tag(name = "decisions")
public class AuditController {

    private static final int LONGEST_TEXT = 200;

    private final AuditTrail audit;

    AuditController(AuditTrail audit) {
        this.audit = audit;
    }

    @GetMapping("/api/audit")
    @Operation(
            operationId = "listAudit",
            summary = "List what people decided, newest first",
            description = "`detail` says about what.")
    @ApiResponse(responseCode = "200")
    public AuditPage list(
            @Parameter(description = "Only decisions of this user.") @RequestParam(required = false) @Nullable
                    String actor,
            @Parameter(description = "Only this action, for example resolve.") @RequestParam(required = false) @Nullable
                    String what,
            @Parameter(description = "Only decisions about this task.") @RequestParam(required = false) @Nullable
                    UUID task,
            @Parameter(description = "Only decisions of that time or later.") @RequestParam(required = false) @Nullable
                    Instant since,
            @Parameter(description = "Only decisions before that time.") @RequestParam(required = false) @Nullable
                    Instant until,
            @RequestParam(defaultValue = "50")
                    @Min(value = 1, message = "must be a whole number between 1 and 200")
                    @Max(value = 200, message = "must be a whole number between 1 and 200")
                    int limit,
            @Parameter(description = "`next` of the previous part.") @RequestParam(required = false) @Nullable
                    String cursor) {
        DoubtController.checkTime("since", since);
        DoubtController.checkTime("until", until);
        AuditTrail.Filter filter = new AuditTrail.Filter(text("actor", actor), text("what", what), task, since, until);
        Long before = cursor == null ? null : AuditCursor.read(cursor);
        return AuditPage.of(audit.list(filter, limit, before), limit);
    }

    private static @Nullable String text(String field, @Nullable String text) {
        if (text != null
                && (text.isBlank()
                        || text.length() > LONGEST_TEXT
                        || text.indexOf('\0') >= 0
                        || !StandardCharsets.UTF_8.newEncoder().canEncode(text))) {
            throw ProblemException.badField(field, text, "cannot be looked for", "text of at most 200 characters");
        }
        return text;
    }
}
