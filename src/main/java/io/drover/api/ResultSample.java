package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a tool returned last. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "What a tool returned last.")
public record ResultSample(
        String tool,
        @JsonRawValue
                @Schema(
                        implementation = Object.class,
                        description = "Any JSON; absent if no recent task called the tool.")
                @Nullable
                String result,
        @Schema(implementation = Object.class, description = "The schema of its results; absent if it declares none.")
                @Nullable
                JsonNode schema) {}
