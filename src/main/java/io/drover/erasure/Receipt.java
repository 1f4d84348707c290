package io.drover.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a person's data.
 *
 * @param by         who asked
 * @param dryRun     whether nothing was changed
 * @param salt       with it, who knows the person can show that the line of the audit log is about that person
 * @param commitment base64(SHA-256(salt || user)), as the audit log has it; the name and the salt are kept nowhere
 * @param erased     how many rows of each store were emptied or deleted
 * @param kept       what the database still holds
 * @param notReached what no statement of the database reaches
 */
public record Receipt(
        Instant at,
        String by,
        boolean dryRun,
        String salt,
        String commitment,
        Map<String, Long> erased,
        List<Left> kept,
        List<Left> notReached) {

    /**
     * What is left.
     *
     * @param rows how many, where they can be counted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Left(String what, @Nullable Long rows, String why) {}
}
