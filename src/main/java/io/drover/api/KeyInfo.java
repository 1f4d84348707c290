package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.journal.ApiKey;
import io.drover.who.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program's key, without its secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ApiKey", description = "A program's key, without its secret.")
public record KeyInfo(
        long id,
        @Schema(description = "The program; it acts as key:<name>.") String name,
        List<String> roles,
        @Schema(description = "The workflows that the roles are about.", example = "billing-*") String workflows,
        Instant createdAt,
        String createdBy,
        Instant expiresAt,
        @Schema(description = "When it was used last, some seconds late; missing if it was not.") @Nullable
                Instant lastUsed,
        @Schema(description = "When it was revoked; missing if it was not.") @Nullable Instant revokedAt,
        @Nullable String revokedBy) {

    static KeyInfo of(ApiKey key) {
        return new KeyInfo(
                key.id(),
                key.name(),
                key.roles().stream().map(Role::text).sorted().toList(),
                key.workflows().text(),
                key.createdAt(),
                key.createdBy(),
                key.expiresAt(),
                key.lastUsed(),
                key.revokedAt(),
                key.revokedBy());
    }
}
