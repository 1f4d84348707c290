package io.drover.flag;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flag as its author defined it.
 *
 * @param variants       its values, by name
 * @param defaultVariant where no targeting decides; null for the default of the expression that asks
 * @param targeting      a JSON document in JsonLogic whose result is the name of a variant; null for none
 */
public record Flag(
        String name,
        boolean enabled,
        Map<String, JsonNode> variants,
        @Nullable String defaultVariant,
        @Nullable String targeting) {}
