package io.drover.flag;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a flag is for a task.
 *
 * @param value   null where it is not known
 * @param variant null where there is none
 * @param reason  as OpenFeature names it
 * @param problem why it could not be asked as usual, or null
 */
public record Resolution(@Nullable JsonNode value, @Nullable String variant, String reason, @Nullable String problem) {}
