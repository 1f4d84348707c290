package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Format;
import com.networknt.schema.ValidationContext;
import java.util.Set;

/** A {@code format} of a schema. The library checks some of them in a time that grows with the square of the length. */
record BoundedFormat(Format format) implements Format {

    private static final int LONGEST = 2_000;
    private static final int LONGEST_URI = 100_000;
    private static final Set<String> URIS = Set.of("uri", "uri-reference", "iri", "iri-reference");

    @Override
    public String getName() {
        return format.getName();
    }

    @Override
    public String getMessageKey() {
        return format.getMessageKey();
    }

    @Override
    public String getErrorMessageDescription() {
        return format.getErrorMessageDescription();
    }

    @Override
    public boolean matches(ExecutionContext execution, ValidationContext context, JsonNode value) {
        return isShort(value.asText()) && format.matches(execution, context, value);
    }

    @Override
    public boolean matches(ExecutionContext execution, ValidationContext context, String value) {
        return isShort(value) && format.matches(execution, context, value);
    }

    @Override
    public boolean matches(ExecutionContext execution, String value) {
        return isShort(value) && format.matches(execution, value);
    }

    private boolean isShort(String value) {
        CheckBudget.spend(5L * value.length());
        return value.length() <= (URIS.contains(getName()) ? LONGEST_URI : LONGEST);
    }
}
